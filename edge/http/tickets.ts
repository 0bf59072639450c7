/** The line for clients without a WebSocket: take a place, ask what has become of it, give it up. */
import { Compile } from 'typebox/compile';
import { INTERVALS } from '../../contracts/limits.ts';
import { JoinRequest } from '../../contracts/line/http.ts';
import { type Entry, letIn } from '../session/let-in.ts';
import type { SessionServices } from '../session/services.ts';
import { giveUpPlace, type Standing, takePlace } from '../session/take-place.ts';
import { type HttpAnswer, type HttpHandler, problem } from '../transport/server.ts';
import type { Room } from '../waiting-room/room.ts';
import { bearerOf } from './bearer.ts';

const joinRequest = Compile(JoinRequest);

export function takeTicket(services: SessionServices): HttpHandler {
  return async ([dropId = ''], { authorization, body, address }) => {
    if (!joinRequest.Check(body)) return problem('INVALID', { detail: 'The body has to have a nonce.' });
    const token = bearerOf(authorization);
    if (token === undefined) return problem('UNAUTHENTICATED');
    const { nonce, ticket, proof, region = services.regions[0] ?? '' } = body;
    if (!services.regions.includes(region)) return problem('UNKNOWN_REGION');
    const room = await services.rooms.visit(dropId);
    if (typeof room === 'string') return problem(room);
    const entry = await letIn(services, { room, address, token, ticket, proof });
    if (!entry.ok) return refusalOf(services, entry);
    const asked = { room, shopper: entry.shopper, region, nonce, from: 'elsewhere', mayJoin: true } as const;
    return answerOf(services, room, await takePlace(services, asked), 201);
  };
}

function refusalOf(services: SessionServices, { code, more }: Extract<Entry, { ok: false }>): HttpAnswer {
  services.metrics.refused(code);
  const { retryAfterMs, challenge } = more;
  return problem(code, {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(challenge === undefined ? {} : { more: { challenge } }),
  });
}

export function lookUpTicket(services: SessionServices): HttpHandler {
  return async ([dropId = '', ticket = '']) => {
    const found = await placeOf(services, dropId, ticket);
    return 'status' in found ? found : answerOf(services, found.room, found.standing, 200);
  };
}

export function giveUpTicket(services: SessionServices): HttpHandler {
  return async ([dropId = '', ticket = '']) => {
    const found = await placeOf(services, dropId, ticket);
    if ('status' in found) return found;
    const { standing, shopperId } = found;
    if (standing.at === 'refused') return problem(standing.code);
    await giveUpPlace(services, dropId, shopperId);
    return { status: 204, body: undefined };
  };
}

interface FoundPlace {
  readonly room: Room;
  readonly standing: Standing;
  readonly shopperId: string;
}

/** What has become of a ticket's place, without taking a new one where it is gone. */
async function placeOf(services: SessionServices, dropId: string, ticket: string): Promise<FoundPlace | HttpAnswer> {
  const opened = services.passports.openTicket(ticket);
  if (opened === undefined || opened.dropId !== dropId) return problem('NOT_FOUND');
  const room = await services.rooms.visit(dropId);
  if (typeof room === 'string') return problem(room);
  const standing = await takePlace(services, {
    ...{ room, shopper: { id: opened.shopperId, tier: undefined }, region: services.regions[0] ?? '' },
    ...{ nonce: '', from: 'elsewhere', mayJoin: false },
  });
  return { room, standing, shopperId: opened.shopperId };
}

function answerOf(services: SessionServices, room: Room, standing: Standing, status: number): HttpAnswer {
  if (standing.at === 'refused') {
    services.metrics.refused(standing.code);
    return problem(standing.code);
  }
  room.expect(services.clock.now() + INTERVALS.pollPresenceMs);
  const { ticket, entrant, lane, region } = standing;
  const known = { ticket, entrant, lane, region };
  if (standing.at === 'admitted') {
    const { place, pass, passUntilMs } = standing;
    return { status, body: { ...known, position: place, pass, expiresAt: passUntilMs } };
  }
  const position = standing.at === 'waiting' ? { position: standing.place } : {};
  return { status, body: { ...known, ...position, ...standing.view } };
}
