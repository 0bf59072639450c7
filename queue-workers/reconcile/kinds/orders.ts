/** What several kinds ask of an order. */
import type { OrderState } from '../../../contracts/orders/states.ts';
import type { SweptOrder, SweptPayment } from '../../../db/queries/swept-orders.ts';
import type { PaymentName } from '../../../db/queries/wake-payments.ts';
import type { Finding } from '../core.ts';

/** Nothing but the payment is missing: a review is decided, or there is none. */
export function isOpen({ status, review }: SweptOrder): boolean {
  return status === 'PENDING' || (status === 'REVIEW' && review === 'approved');
}

export function takenPayment({ payments }: SweptOrder): SweptPayment | undefined {
  return payments.find(({ status, kind }) => status === 'CAPTURED' || (status === 'AUTHORIZED' && kind === 'cod'));
}

const SOLD: ReadonlySet<OrderState> = new Set([
  'CONFIRMED',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'COMPLETED',
  'RETURN_REQUESTED',
  'RETURN_APPROVED',
  'RETURN_RECEIVED',
]);

/** Its units are the shopper's. A refunded order may have been cancelled before, so it says nothing. */
export function isSale({ status }: SweptOrder): boolean {
  return SOLD.has(status);
}

export function isKept({ status, amountMinor, refundedMinor }: SweptPayment): boolean {
  return (status === 'CAPTURED' || status === 'SURPLUS') && refundedMinor < amountMinor;
}

/** Of findings that are about payments. */
export function paymentsOf(findings: readonly Finding[]): PaymentName[] {
  return findings.map(({ id, orderId }) => ({ id, orderId }));
}
