/** The order is over, or was paid twice, and the shopper's money is still here without a refund. */
import { openRefunds } from '../../../db/queries/refunds.ts';
import { lockPayments } from '../../../db/queries/wake-payments.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import { type Finding, isQuiet, type OrderKind } from '../core.ts';
import { isKept, paymentsOf } from './orders.ts';

export const refundMissing: OrderKind = {
  name: 'refund-stuck',
  find({ order }, core) {
    if (!isQuiet(order, core)) return [];
    const isOver = order.status === 'CANCELLED' || order.status === 'REFUND_PENDING';
    return order.payments.flatMap((payment): Finding[] => {
      const owes = isKept(payment) && (isOver || payment.status === 'SURPLUS');
      if (!owes || payment.dueMs !== null || payment.refund === 'PENDING') return [];
      const of = { kind: 'refund-stuck', id: payment.id, orderId: order.id } as const;
      const left = payment.amountMinor - payment.refundedMinor;
      if (payment.refund === 'REFUSED') {
        const advice = 'the provider refused the refund: pay it back by hand';
        return [{ ...of, what: `${left} of a ${order.status} order are still here`, advice }];
      }
      return [
        { ...of, what: `${left} of a ${order.status} order (${payment.status}) are still here, without a refund` },
      ];
    });
  },
  async mend({ database, nextId }, findings) {
    const owed = paymentsOf(findings.filter(({ advice }) => advice === undefined));
    if (owed.length === 0) return new Set();
    return await withTransaction(database, async (client) => {
      await lockPayments(client, owed);
      const reason = 'the order is over, and its payment was kept';
      return await openRefunds(
        client,
        owed.map(({ orderId, id }) => ({ id: nextId(), orderId, paymentId: id, reason })),
      );
    });
  },
};
