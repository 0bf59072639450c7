/** Joins the line, or collects what has become of the place: the same for sockets and for those who ask over HTTP. */
import { entrantIdOf } from '../../contracts/draw/entrant.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { unreachable } from '../../contracts/unreachable.ts';
import type { LineJoinReply } from '../../reservation-core/generated/line-join.ts';
import type { LineView, Room } from '../waiting-room/room.ts';
import { laneOf, type Shopper } from './identify.ts';
import type { SessionServices } from './services.ts';

export interface TicketOfPlace {
  readonly ticket: string;
  readonly entrant: string;
  readonly lane: string;
  readonly region: string;
}

export type Standing =
  | (TicketOfPlace & { readonly at: 'lobby'; readonly view: LineView })
  | (TicketOfPlace & {
      readonly at: 'waiting';
      readonly place: number;
      readonly view: LineView;
      /** The end of the pass that they had before, or 0. */
      readonly lastPassUntilMs: number;
    })
  | (TicketOfPlace & {
      readonly at: 'admitted';
      readonly place: number;
      readonly pass: string;
      readonly passUntilMs: number;
      /** Another socket may have used this pass already. */
      readonly again: boolean;
    })
  | { readonly at: 'refused'; readonly code: ErrorCode };

export interface PlaceRequest {
  readonly room: Room;
  readonly shopper: Pick<Shopper, 'id' | 'tier'>;
  readonly region: string;
  readonly nonce: string;
  readonly from: 'socket' | 'elsewhere';
  /** Without a place: whether to take one, at the end. */
  readonly mayJoin: boolean;
}

export async function takePlace(services: SessionServices, request: PlaceRequest): Promise<Standing> {
  const { room, shopper, region, nonce, from, mayJoin } = request;
  const dropId = room.drop.id;
  const ticket = services.passports.ticket({ dropId, shopperId: shopper.id });
  const entrant = entrantIdOf(ticket);
  const lane = laneOf(room.drop, shopper.tier);
  const row = { shopperId: shopper.id, region, lane, entrantId: entrant, nonce, mayJoin: mayJoin ? 1 : 0 };
  const answer = await services.line.join(dropId, row, from);
  if (!answer.ok) return { at: 'refused', code: answer.code };
  return standingOf(services, room, shopper.id, { ticket, entrant }, answer.reply);
}

function standingOf(
  services: SessionServices,
  room: Room,
  shopperId: string,
  known: { ticket: string; entrant: string },
  reply: LineJoinReply,
): Standing {
  switch (reply.reply) {
    case 'ENTERED': {
      const { lane, region, entrants } = reply;
      // Nobody is before anybody yet: as many as there are others may turn out to be.
      return { at: 'lobby', ...known, lane, region, view: room.view(entrants - 1, entrants - 1) };
    }
    case 'WAITING': {
      const { lane, region, place, ahead, most, lastPassUntilMs } = reply;
      return { at: 'waiting', ...known, lane, region, place, lastPassUntilMs, view: room.view(ahead, most) };
    }
    case 'ADMITTED': {
      const { lane, region, place, passUntilMs, again } = reply;
      const pass = services.passports.pass({ dropId: room.drop.id, shopperId, region, expiresAtMs: passUntilMs });
      return { at: 'admitted', ...known, lane, region, place, pass, passUntilMs, again: again === 1 };
    }
    case 'NO_PLACE':
      return { at: 'refused', code: 'PLACE_LOST' };
    case 'NOT_STARTED':
    case 'ENDED':
    case 'LINE_FULL':
      return { at: 'refused', code: reply.reply };
    default:
      return unreachable(reply);
  }
}

/** Gives a place up. A pass in hand is void first: what it could still claim must not be given to somebody else as well. */
export async function giveUpPlace(
  { line, passes }: Pick<SessionServices, 'line' | 'passes'>,
  dropId: string,
  shopperId: string,
): Promise<void> {
  const first = await line.leave(dropId, shopperId, 'left');
  if (!first.ok || first.reply.reply !== 'HAS_PASS') return;
  const { region, passUntilMs } = first.reply;
  await passes.revoke(dropId, region, shopperId, passUntilMs);
  await line.leave(dropId, shopperId, 'left', passUntilMs);
}
