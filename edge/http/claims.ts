/** POST /v1/drops/{id}/claims: a claim with the pass as its bearer, and its key as Idempotency-Key. */
import { Compile } from 'typebox/compile';
import type { ErrorCode } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { ClaimRequest } from '../../contracts/line/http.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../../contracts/line/messages.ts';
import { createRecentNames } from '../recent-names.ts';
import { claim, stall } from '../session/claim.ts';
import type { SessionServices } from '../session/services.ts';
import type { Pass } from '../tokens/passport.ts';
import { type HttpAnswer, type HttpHandler, problem } from '../transport/server.ts';
import { bearerOf } from './bearer.ts';

const claimRequest = Compile(ClaimRequest);
const idempotencyKey = new RegExp(IDEMPOTENCY_KEY_PATTERN);

export function claimByHttp(services: SessionServices): HttpHandler {
  const refuse = refuser(services);
  return async ([dropId = ''], { authorization, idempotencyKey: key, body, address }) => {
    if (key === '') return problem('KEY_REQUIRED');
    if (!idempotencyKey.test(key)) return problem('INVALID', { detail: 'The Idempotency-Key has another form.' });
    if (!claimRequest.Check(body))
      return problem('INVALID', { detail: 'The body has to have sku and qty, and may have payment.' });
    const pass = services.passports.openPass(bearerOf(authorization) ?? '');
    if (pass === undefined || pass.dropId !== dropId) {
      services.gate.suspect(address);
      return problem('NOT_ADMITTED');
    }
    const room = await services.rooms.visit(dropId);
    if (typeof room === 'string') return problem(room);
    const { sku, qty, payment } = body;
    const { shopperId, region, expiresAtMs: passUntilMs } = pass;
    const outcome = await claim(services, { room, shopperId, region, passUntilMs, key, sku, qty, payment });
    if (!outcome.won) return refuse(outcome.code, pass);
    const { claimId, amount, holdUntil } = outcome;
    return { status: 201, body: { key, claimId, sku, qty, amount, currency: room.drop.currency, holdUntil } };
  };
}

function refuser(services: SessionServices): (code: ErrorCode, pass: Pass) => HttpAnswer {
  const stalled = createRecentNames(LIMITS.stalledPassesRemembered);
  return (code, { dropId, shopperId, expiresAtMs }) => {
    services.metrics.refused(code);
    services.refusals.note(dropId, code);
    // Once for a pass: somebody who asks again and again would cost the line as much as the stock.
    if (code === 'SOLD_OUT' && stalled.isNew(`${dropId} ${shopperId} ${expiresAtMs}`)) {
      stall(services, dropId, shopperId);
    }
    return problem(code);
  };
}
