/**
 * What has to happen next with a payment, from what its row and its order's row say: the whole saga as one table. Nothing
 * else is remembered, so whoever takes the payment up after a crash goes on where it was left.
 */

import type { PaymentKind, PaymentStatus } from '../../contracts/orders/payments.ts';
import type { OrderSource } from '../../contracts/orders/sources.ts';
import type { OrderState } from '../../contracts/orders/states.ts';

export interface PaymentPosition {
  readonly source: OrderSource;
  readonly orderStatus: OrderState;
  /** Of an order in review; null while nobody has decided. */
  readonly review: 'approved' | 'rejected' | null;
  readonly status: PaymentStatus;
  readonly kind: PaymentKind | null;
  /** Null while no provider was ever asked. */
  readonly provider: string | null;
}

export type NextStep =
  /** Take the money, or learn what became of the last try. */
  | 'charge'
  /** The money is there: the hold becomes a sale, the order is confirmed. */
  | 'confirm'
  /** There will be no money: the hold is released, the order is cancelled. */
  | 'give-back'
  /** The order is over: nobody may take money for it any more. */
  | 'call-off'
  /** As call-off, but no provider was ever asked, so there is nothing to call off elsewhere. */
  | 'close'
  /** Cash was taken at the door. */
  | 'collect'
  /** Money was taken for an order that is over, or a second time. */
  | 'refund'
  | 'nothing';

export function nextStep(position: PaymentPosition): NextStep {
  if (position.status === 'SURPLUS') return 'refund';
  switch (position.orderStatus) {
    case 'PENDING':
      return ofOpenOrder(position);
    case 'REVIEW':
      if (position.review === 'rejected') return 'give-back';
      // Paid before it came into review: the decision is what is missing.
      return position.review === 'approved' ? ofOpenOrder(position) : 'nothing';
    case 'CANCELLED':
      return ofOrderWithoutSale(position);
    case 'DELIVERED':
    case 'COMPLETED':
    case 'RETURN_REQUESTED':
    case 'RETURN_APPROVED':
    case 'RETURN_RECEIVED':
    case 'REFUNDED':
      return position.status === 'AUTHORIZED' ? 'collect' : ofPaidOrder(position);
    case 'CONFIRMED':
    case 'PROCESSING':
    case 'SHIPPED':
    case 'REFUND_PENDING':
      return ofPaidOrder(position);
  }
}

function ofOpenOrder({ source, status, kind }: PaymentPosition): NextStep {
  if (status === 'CAPTURED' || status === 'AUTHORIZED') return 'confirm';
  // An order of the store waits for another try until its time is over; a unit of a drop is for whoever is next.
  if (status === 'FAILED' || status === 'CANCELLED') return source === 'store' ? 'nothing' : 'give-back';
  return kind === null ? 'nothing' : 'charge';
}

function ofOrderWithoutSale({ status, provider }: PaymentPosition): NextStep {
  if (status === 'CAPTURED') return 'refund';
  if (status === 'AUTHORIZED') return 'close';
  if (status !== 'PENDING') return 'nothing';
  return provider === null ? 'close' : 'call-off';
}

/** Another attempt has paid: this one must not. */
function ofPaidOrder({ status, provider }: PaymentPosition): NextStep {
  if (status !== 'PENDING') return 'nothing';
  return provider === null ? 'close' : 'call-off';
}
