/** One claim of an admitted shopper: what the core is asked, and what its answer means to them. */
import type { DropDefinition, DropSku } from '../../contracts/drop.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { encodeEvent } from '../../contracts/events/codec.ts';
import type { ShopperMessage } from '../../contracts/line/messages.ts';
import { unreachable } from '../../contracts/unreachable.ts';
import type { ClaimReply } from '../../reservation-core/claims.ts';
import type { SessionServices } from './services.ts';

export interface ClaimRequest {
  readonly drop: DropDefinition;
  readonly shopperId: string;
  readonly region: string;
  readonly passUntilMs: number;
  readonly message: Extract<ShopperMessage, { t: 'claim' }>;
}

export type ClaimOutcome =
  | { readonly won: true; readonly claimId: string; readonly amount: number; readonly holdUntil: number }
  | { readonly won: false; readonly code: ErrorCode };

export async function claim(services: SessionServices, request: ClaimRequest): Promise<ClaimOutcome> {
  const { drop, shopperId, region, message } = request;
  const item = drop.skus.find(({ sku }) => sku === message.sku);
  if (item === undefined) return { won: false, code: 'UNKNOWN_SKU' };

  const claimId = services.nextId();
  const claimedAt = services.clock.now();
  const holdUntil = claimedAt + drop.holdSeconds * 1_000;
  const answer = await services.claims.claim(drop.id, region, {
    key: message.key,
    shopperId,
    sku: message.sku,
    quantity: message.qty,
    claimId,
    holdUntilMs: holdUntil,
    passUntilMs: request.passUntilMs,
    event: wonEvent(request, item, { claimId, claimedAt, holdUntil }),
  });
  if (!answer.ok) return { won: false, code: answer.code };
  return outcomeOf(answer.reply, { claimId, amount: item.price * message.qty, holdUntil });
}

/** Made before the decision, so that the script can put it into the outbox in the same step as the decision. */
function wonEvent(
  { drop, shopperId, region, message }: ClaimRequest,
  item: DropSku,
  made: { claimId: string; claimedAt: number; holdUntil: number },
): string {
  return encodeEvent({
    type: 'claims.won',
    v: 1,
    id: made.claimId,
    at: made.claimedAt,
    data: {
      ...made,
      dropId: drop.id,
      region,
      shopperId,
      sku: item.sku,
      quantity: message.qty,
      key: message.key,
      title: item.title,
      unitPrice: item.price,
      currency: drop.currency,
    },
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
