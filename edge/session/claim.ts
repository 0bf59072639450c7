/** One claim of a shopper with a pass: what the core is asked, and what its answer means to them. */
import type { ErrorCode } from '../../contracts/errors.ts';
import { timeOfId } from '../../contracts/ids.ts';
import { unreachable } from '../../contracts/unreachable.ts';
import { type ClaimReply, holdEndOf } from '../../reservation-core/claims.ts';
import type { Room } from '../waiting-room/room.ts';
import type { SessionServices } from './services.ts';

export interface ClaimRequest {
  readonly room: Room;
  readonly shopperId: string;
  readonly region: string;
  readonly passUntilMs: number;
  readonly key: string;
  readonly sku: string;
  readonly qty: number;
  /** A saved payment method. Whether it is the shopper's own, whoever charges it looks. */
  readonly payment: string | undefined;
}

const MS_PER_SECOND = 1_000;

export type ClaimOutcome =
  | { readonly won: true; readonly claimId: string; readonly amount: number; readonly holdUntil: number }
  | { readonly won: false; readonly code: ErrorCode };

/** Written without async: of what an edge does for a claim, a chain of promises would be the dearest after sending. */
export function claim(services: SessionServices, request: ClaimRequest): Promise<ClaimOutcome> {
  const startedAtMs = performance.now();
  const { room, shopperId, region, passUntilMs, key, qty: quantity, payment = '' } = request;
  const { drop } = room;
  const item = drop.skus.find(({ sku }) => sku === request.sku);
  if (item === undefined) return Promise.resolve({ won: false, code: 'UNKNOWN_SKU' });
  const { sku, price: unitPrice } = item;
  // In this order: an id that is older than this moment is that of an earlier claim with the same key.
  const nowMs = services.clock.now();
  const claimId = services.nextId();
  const holdUntilMs = holdEndOf(nowMs, drop.holdSeconds);
  const row = { key, shopperId, sku, quantity, claimId, holdUntilMs, passUntilMs, unitPrice, payment };
  return services.claims.claim(drop.id, region, row).then((answer) => {
    const made = { claimId, amount: unitPrice * quantity, holdUntil: holdUntilMs };
    if (answer.ok) noteReply(services, request, answer.reply);
    const outcome: ClaimOutcome = answer.ok ? outcomeOf(answer.reply, made) : { won: false, code: answer.code };
    services.metrics.decided(outcome.won ? 'WON' : outcome.code, (performance.now() - startedAtMs) / MS_PER_SECOND);
    if (outcome.won && services.tracing.follows(outcome.claimId)) tellClaim(services, request, outcome, nowMs);
    return outcome;
  });
}

/** Told once: the answer to a repeated claim is that of the first one. */
function tellClaim(
  { clock, tracing }: SessionServices,
  { region, room }: ClaimRequest,
  { claimId }: { readonly claimId: string },
  fromMs: number,
): void {
  if (timeOfId(claimId) < fromMs) return;
  tracing.begin(claimId, 'claim', { fromMs, untilMs: clock.now(), facts: { region, 'drop.id': room.drop.id } });
}

/** What an answer says about the stock, and about the pass that it was asked with. */
function noteReply(services: SessionServices, request: ClaimRequest, reply: ClaimReply): void {
  const { room, sku, region, qty } = request;
  if (reply.reply === 'WON') room.noteTaken(sku, region, qty);
  if (reply.reply === 'SOLD_OUT' && reply.left === 0) room.noteGone(sku, region);
  if ((reply.reply === 'WON' || reply.reply === 'REPLAYED') && reply.left === 0) makeRoom(services, request);
}

/** Whether a claim with this pass can only be answered SOLD_OUT, as far as this edge knows. */
export function isKnownGone(
  { clock }: Pick<SessionServices, 'clock'>,
  room: Room,
  sku: string,
  pass: { readonly region: string; readonly passUntilMs: number },
): boolean {
  return room.isGone(sku, pass.region) && room.isSelling() && pass.passUntilMs > clock.now();
}

/** They have a pass and nothing to claim: what is left elsewhere is for others, who are called beside them. */
export function stall({ line, log }: Pick<SessionServices, 'line' | 'log'>, dropId: string, shopperId: string): void {
  line.stall(dropId, shopperId).catch((error: unknown) => {
    log.warn({ err: error, dropId }, 'a stalled pass could not be told');
  });
}

/** Their limit is used up and their pass void: the next one may be called. */
function makeRoom({ line, log }: SessionServices, { room, shopperId, passUntilMs }: ClaimRequest): void {
  line.leave(room.drop.id, shopperId, 'done', passUntilMs).catch((error: unknown) => {
    // The pass ends by itself when its time is over.
    log.warn({ err: error, dropId: room.drop.id }, 'a used up pass could not be given back');
  });
}

function outcomeOf(reply: ClaimReply, made: { claimId: string; amount: number; holdUntil: number }): ClaimOutcome {
  switch (reply.reply) {
    case 'WON':
      return { won: true, ...made };
    case 'REPLAYED':
      // The same key and content, so the same amount; claim and hold are those of the first answer.
      return { won: true, claimId: reply.claimId, amount: made.amount, holdUntil: reply.holdUntilMs };
    case 'KEY_REUSED':
    case 'NOT_STARTED':
    case 'PAUSED':
    case 'ENDED':
    case 'PASS_EXPIRED':
    case 'PASS_VOID':
    case 'UNKNOWN_SKU':
    case 'UNKNOWN_REGION':
    case 'LIMIT_REACHED':
    case 'SOLD_OUT':
      return { won: false, code: reply.reply };
    default:
      return unreachable(reply);
  }
}
