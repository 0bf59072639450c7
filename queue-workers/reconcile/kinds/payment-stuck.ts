/** A provider was asked, or a review decided, and then nobody went on: the payments worker takes it up again. */
import type { SweptOrder, SweptPayment } from '../../../db/queries/swept-orders.ts';
import { wakePayments } from '../../../db/queries/wake-payments.ts';
import { type Finding, isQuiet, type OrderKind } from '../core.ts';
import { isOpen, paymentsOf } from './orders.ts';

/** Due for this long: it is not the payment that is stuck. */
const FORGOTTEN_MS = 3_600_000;

export const paymentStuck: OrderKind = {
  name: 'payment-stuck',
  find({ order }, core) {
    if (!isQuiet(order, core)) return [];
    return order.payments.flatMap((payment): Finding[] => {
      const of = { kind: 'payment-stuck', id: payment.id, orderId: order.id } as const;
      if (payment.dueMs !== null && payment.dueMs < core.clock.now() - FORGOTTEN_MS) {
        return [
          { ...of, what: 'due for more than an hour', advice: 'the payments worker does not run, or is far behind' },
        ];
      }
      const why = payment.dueMs === null ? whyStuck(order, payment) : undefined;
      return why === undefined ? [] : [{ ...of, what: why }];
    });
  },
  mend: ({ database }, findings) =>
    wakePayments(database, paymentsOf(findings.filter(({ advice }) => advice === undefined))),
};

function whyStuck(order: SweptOrder, { status, kind, provider }: SweptPayment): string | undefined {
  if (order.status === 'REVIEW' && order.review === 'rejected')
    return 'rejected in review, and nobody has it before them';
  // An order of the store waits for another way to pay, until its time is over.
  const isOver = order.source === 'drop' && isOpen(order) && (status === 'FAILED' || status === 'CANCELLED');
  const others = order.payments.some(
    (other) => other.dueMs !== null || !['FAILED', 'CANCELLED'].includes(other.status),
  );
  if (isOver && !others) return `${status}, but the order is ${order.status}`;
  if (status !== 'PENDING') return undefined;
  if (provider !== null) return `${provider} was asked, and nobody looks what became of it`;
  if (kind !== null && isOpen(order)) return `to be paid by ${kind}, and nobody has it before them`;
  return undefined;
}
