/** Stripe's states in our words. */
import type Stripe from 'stripe';
import type { BookedCharge, ChargeState, RefundState } from './provider.ts';
import { reasonOf } from './stripe-failures.ts';

/** What the shopper would see of an intent that asks for them but has no page to send them to. */
export const NO_PAGE = 'authentication_required';

export function stateOf(intent: Stripe.PaymentIntent): ChargeState {
  const ref = intent.id;
  switch (intent.status) {
    case 'succeeded':
      return { state: 'captured', ref };
    case 'canceled':
      return { state: 'cancelled', ref };
    case 'requires_action': {
      const actionUrl = pageOf(intent);
      return actionUrl === undefined ? { state: 'processing', ref } : { state: 'action', ref, actionUrl };
    }
    case 'requires_payment_method': {
      if (isUntried(intent)) return { state: 'processing', ref };
      const error = intent.last_payment_error;
      return { state: 'declined', ref, reason: reasonOf(error?.decline_code ?? error?.code, 'card_declined') };
    }
    default:
      return { state: 'processing', ref };
  }
}

/** Opened, and nobody has tried to take the money yet. */
export function isUntried({ status, last_payment_error: error }: Stripe.PaymentIntent): boolean {
  return status === 'requires_confirmation' || (status === 'requires_payment_method' && error === null);
}

export function asksWithoutPage(intent: Stripe.PaymentIntent): boolean {
  return intent.status === 'requires_action' && pageOf(intent) === undefined;
}

function pageOf({ next_action: next }: Stripe.PaymentIntent): string | undefined {
  return next?.redirect_to_url?.url ?? undefined;
}

export function stateOfRefund({ id: ref, status, failure_reason: reason }: Stripe.Refund): RefundState {
  if (status === 'succeeded') return { state: 'done', ref };
  if (status === 'failed' || status === 'canceled') return { state: 'refused', reason: reasonOf(reason, status) };
  return { state: 'processing', ref };
}

export function bookedOf(intent: Stripe.PaymentIntent): BookedCharge {
  const charge = typeof intent.latest_charge === 'string' ? null : intent.latest_charge;
  return {
    ref: intent.id,
    paymentId: intent.metadata.payment_id ?? '',
    orderId: intent.metadata.order_id ?? '',
    state: stateOf(intent).state,
    amountMinor: intent.amount,
    capturedMinor: intent.amount_received,
    refundedMinor: charge?.amount_refunded ?? 0,
    currency: intent.currency.toUpperCase(),
    createdAtMs: intent.created * 1_000,
  };
}
