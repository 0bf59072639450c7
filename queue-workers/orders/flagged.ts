/** What becomes of orders that are suspicious: a person decides about them, or they are blocked. */
import { encodeEvent } from '../../contracts/events/codec.ts';
import type { IdSource } from '../../contracts/ids.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import { openReviews } from '../../db/queries/open-reviews.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Flagged } from './assess.ts';

const ACTOR = 'orders';

/** In the transaction that wrote the orders: the database lets an order begin as PENDING only, so these are steps. */
export async function stepFlagged(
  client: DatabaseClient,
  flagged: readonly Flagged[],
  given: { readonly nowMs: number; readonly nextId: IdSource },
): Promise<void> {
  if (flagged.length === 0) return;
  const steps = flagged.map(({ orderId, shopperId, verdict }) => {
    const to: OrderState = verdict === 'blocked' ? 'CANCELLED' : 'REVIEW';
    // The shopper reads it, and somebody who tries how far they can go learns nothing of it.
    const reason = verdict === 'blocked' ? 'blocked' : 'a person looks at it';
    const event = encodeEvent({
      type: 'order.status',
      v: 1,
      id: given.nextId(),
      at: given.nowMs,
      data: { orderId, claimId: orderId, shopperId, from: 'PENDING', to, reason },
    });
    return { orderId, from: 'PENDING', to, reason, actor: ACTOR, atMs: given.nowMs, event } as const;
  });
  await stepOrders(client, steps);
  await openReviews(
    client,
    flagged.map(({ orderId, score, signals, facts, model, verdict }) => {
      return { orderId, score, signals, facts, model, rejectedBy: verdict === 'blocked' ? ACTOR : null };
    }),
  );
}
