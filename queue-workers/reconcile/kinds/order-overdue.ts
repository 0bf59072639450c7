/** The time of an order of the store is over, nobody has paid it, and it still waits: it is cancelled. */
import { endOrders } from '../../reservations/expire.ts';
import { isQuiet, type OrderKind } from '../core.ts';
import { takenPayment } from './orders.ts';

export const orderOverdue: OrderKind = {
  name: 'order-overdue',
  find({ order }, core) {
    const { id, source, status, holdUntilMs } = order;
    if (source !== 'store' || (status !== 'PENDING' && status !== 'REVIEW')) return [];
    const isOver = holdUntilMs < core.clock.now() - core.graceMs;
    if (!isOver || takenPayment(order) !== undefined || !isQuiet(order, core)) return [];
    return [{ kind: 'order-overdue', id, orderId: id, what: `${status}, and its time to be paid is long over` }];
  },
  async mend({ database, clock, nextId }, findings) {
    const ids = findings.map(({ orderId }) => orderId);
    return (await endOrders({ database, clock, nextId, actor: 'reconcile' }, ids)).ended;
  },
};
