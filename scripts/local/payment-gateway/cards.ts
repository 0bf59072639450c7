/** The cards that the gateway knows, by Stripe's own names where Stripe has them. */

export interface Decline {
  readonly code: string;
  readonly message: string;
}

/** By decline code. */
export const DECLINES: Readonly<Record<string, Decline>> = {
  generic_decline: { code: 'card_declined', message: 'Your card was declined.' },
  insufficient_funds: { code: 'card_declined', message: 'Your card has insufficient funds.' },
  lost_card: { code: 'card_declined', message: 'Your card was declined.' },
  stolen_card: { code: 'card_declined', message: 'Your card was declined.' },
  fraudulent: { code: 'card_declined', message: 'Your card was declined.' },
  expired_card: { code: 'expired_card', message: 'Your card has expired.' },
  incorrect_cvc: { code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
  processing_error: { code: 'processing_error', message: 'An error occurred while processing your card.' },
  authentication_failed: {
    code: 'payment_intent_authentication_failure',
    message: 'The shopper did not confirm the payment.',
  },
};

export interface Card {
  readonly outcome: 'succeeds' | 'asks' | 'processes' | { readonly declines: string };
  /** What becomes of the first answer to a confirmation with this card. */
  readonly fault?: 'slow' | 'hold' | 'cut' | 'error-before' | 'error-after';
}

const pays: Card = { outcome: 'succeeds' };

const CARDS = new Map<string, Card>([
  ['pm_card_visa', pays],
  ['pm_card_visa_debit', pays],
  ['pm_card_mastercard', pays],
  ['pm_card_amex', pays],
  ['pm_card_discover', pays],
  ['pm_card_chargeDeclined', { outcome: { declines: 'generic_decline' } }],
  ['pm_card_chargeDeclinedInsufficientFunds', { outcome: { declines: 'insufficient_funds' } }],
  ['pm_card_chargeDeclinedLostCard', { outcome: { declines: 'lost_card' } }],
  ['pm_card_chargeDeclinedStolenCard', { outcome: { declines: 'stolen_card' } }],
  ['pm_card_chargeDeclinedFraudulent', { outcome: { declines: 'fraudulent' } }],
  ['pm_card_chargeDeclinedExpiredCard', { outcome: { declines: 'expired_card' } }],
  ['pm_card_chargeDeclinedIncorrectCvc', { outcome: { declines: 'incorrect_cvc' } }],
  ['pm_card_chargeDeclinedProcessingError', { outcome: { declines: 'processing_error' } }],
  ['pm_card_threeDSecure2Required', { outcome: 'asks' }],
  ['pm_card_authenticationRequired', { outcome: 'asks' }],
  // Those below are ours.
  ['pm_card_processing', { outcome: 'processes' }],
  ['pm_card_slow', { outcome: 'succeeds', fault: 'slow' }],
  ['pm_card_timeoutAfterCapture', { outcome: 'succeeds', fault: 'hold' }],
  ['pm_card_cutAfterCapture', { outcome: 'succeeds', fault: 'cut' }],
  ['pm_card_errorBeforeCapture', { outcome: 'succeeds', fault: 'error-before' }],
  ['pm_card_errorAfterCapture', { outcome: 'succeeds', fault: 'error-after' }],
]);

export const SLOW_MS = 3_000;
export const PROCESSING_MS = 2_000;

export function cardOf(token: string | undefined): Card | undefined {
  return token === undefined ? undefined : CARDS.get(token);
}
