/** The order waits for a payment, but its units are gone: the news of the end of its hold was lost, or came too early. */
import { cancelOrders } from '../cancel-orders.ts';
import { isQuiet, type OrderKind, type Seen } from '../core.ts';
import { takenPayment } from './orders.ts';

export const orderWithoutHold: OrderKind = {
  name: 'order-without-hold',
  find({ order, hold }, core) {
    const isWaiting = order.status === 'PENDING' || order.status === 'REVIEW';
    if (!isWaiting || hold === 'not asked' || (hold !== undefined && hold.state !== 'released')) return [];
    const isOver = order.holdUntilMs < core.clock.now() - core.graceMs;
    // What is paid, or about to be, is the payments worker's: it finds the hold gone and gives the money back. Only where
    // there is no trace of a hold can it do neither, and would ask for ever.
    const isPaying = takenPayment(order) !== undefined || order.payments.some(({ dueMs }) => dueMs !== null);
    if (!isOver || (hold !== undefined && (isPaying || !isQuiet(order, core)))) return [];
    const gone = hold === undefined ? 'is unknown' : `was released (${hold.reason})`;
    return [
      { kind: 'order-without-hold', id: order.id, orderId: order.id, what: `${order.status}, but its hold ${gone}` },
    ];
  },
  async mend(core, findings, seen) {
    const orders = findings.flatMap(({ orderId }) => seen.get(orderId)?.order ?? []);
    const cancelled = new Set<string>();
    for (const from of ['PENDING', 'REVIEW'] as const) {
      const own = orders.filter(({ status }) => status === from);
      for (const id of await cancelOrders(core, own, from, ({ id }) => reasonOf(seen.get(id)))) cancelled.add(id);
    }
    return cancelled;
  },
};

function reasonOf(seen: Seen | undefined): string {
  const hold = seen?.hold;
  return hold === undefined || hold === 'not asked' || hold.reason === '' ? 'expired' : hold.reason;
}
