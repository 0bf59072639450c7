import type { OrderState } from '../../contracts/orders/states.ts';
import { openRefunds } from '../../db/queries/refunds.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import type { SweptOrder } from '../../db/queries/swept-orders.ts';
import { lockPayments, wakePayments } from '../../db/queries/wake-payments.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { createEventMaker } from '../payments/events.ts';
import type { ReconcileCore } from './core.ts';

/**
 * Cancels those of these orders that are still in that state: with the step go its history and its event, the refund of
 * what was taken, and the waking of its payments, so that nobody takes more.
 */
export async function cancelOrders(
  core: ReconcileCore,
  orders: readonly SweptOrder[],
  from: OrderState,
  reasonOf: (order: SweptOrder) => string,
): Promise<Set<string>> {
  if (orders.length === 0) return new Set();
  const { database, clock, nextId } = core;
  const events = createEventMaker({ nextId, clock });
  const steps = orders.map((order) => {
    const reason = reasonOf(order);
    const event = events.step({ orderId: order.id, shopperId: order.shopperId }, from, 'CANCELLED', reason);
    const what = { orderId: order.id, from, to: 'CANCELLED' as const, reason };
    return { ...what, actor: 'reconcile', atMs: clock.now(), event };
  });
  return await withTransaction(database, async (client) => {
    const cancelled = new Set(await stepOrders(client, steps));
    const payments = orders.flatMap(({ id: orderId, payments: own }) => {
      return cancelled.has(orderId) ? own.map(({ id, kind }) => ({ orderId, id, kind })) : [];
    });
    if (payments.length === 0) return cancelled;
    await lockPayments(client, payments);
    await openRefunds(
      client,
      payments.map(({ orderId, id }) => ({ id: nextId(), orderId, paymentId: id, reason: 'the order was cancelled' })),
    );
    // Without a kind nobody has said how to pay: there is nothing to call off.
    await wakePayments(
      client,
      payments.filter(({ kind }) => kind !== null),
    );
    return cancelled;
  });
}
