/** The money is there, and the order still waits: the payments worker confirms it, or gives the money back. */
import { wakePayments } from '../../../db/queries/wake-payments.ts';
import { isQuiet, type OrderKind } from '../core.ts';
import { isOpen, paymentsOf, takenPayment } from './orders.ts';

export const capturedUnconfirmed: OrderKind = {
  name: 'captured-unconfirmed',
  find(seen, core) {
    const { order, hold } = seen;
    const payment = takenPayment(order);
    const isSold = hold !== undefined && hold !== 'not asked' && hold.state === 'sold';
    if (payment === undefined || payment.dueMs !== null || isSold || !isOpen(order) || !isQuiet(order, core)) return [];
    const what = `paid (${payment.status}), but the order is ${order.status} and nobody has it before them`;
    return [{ kind: 'captured-unconfirmed', id: payment.id, orderId: order.id, what }];
  },
  mend: ({ database }, findings) => wakePayments(database, paymentsOf(findings)),
};
