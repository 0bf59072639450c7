/** The units are sold, but the order does not say so. */
import { wakePayments } from '../../../db/queries/wake-payments.ts';
import { type Finding, isQuiet, type OrderKind } from '../core.ts';
import { paymentsOf, takenPayment } from './orders.ts';

export const soldNotConfirmed: OrderKind = {
  name: 'sold-not-confirmed',
  find({ order, hold }, core) {
    if (hold === undefined || hold === 'not asked' || hold.state !== 'sold' || !isQuiet(order, core)) return [];
    const kind = 'sold-not-confirmed';
    if (order.status === 'PENDING' || order.status === 'REVIEW') {
      const payment = takenPayment(order);
      if (payment?.dueMs === null) {
        return [{ kind, id: payment.id, orderId: order.id, what: `sold and paid, but the order is ${order.status}` }];
      }
      if (payment !== undefined || order.payments.some(({ dueMs }) => dueMs !== null)) return [];
      const advice = 'look for the payment at the provider; without one, cancel the order: its units stay out of sale';
      return [{ kind, id: order.id, orderId: order.id, what: `sold without a payment, order ${order.status}`, advice }];
    }
    if (order.status !== 'CANCELLED' || order.wasConfirmed) return [];
    const advice = `${hold.quantity} of ${hold.sku} are sold to nobody; npm run rebuild of the region gives them back`;
    return [{ kind, id: order.id, orderId: order.id, what: 'cancelled, but its units are sold', advice }];
  },
  mend({ database }, findings) {
    const ofPayments = findings.filter(({ advice }: Finding) => advice === undefined);
    return wakePayments(database, paymentsOf(ofPayments));
  },
};
