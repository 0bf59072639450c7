/** Stripe's own JSON of what the books hold: the fields that its SDK and our code read, under its names. */
import type { Answer, ApiError, Phase } from './answer.ts';
import type { Book, Intent, Refund } from './book.ts';
import { DECLINES } from './cards.ts';

const seconds = (ms: number) => Math.floor(ms / 1_000);

export interface Renderer {
  /** Where the shopper confirms payments. */
  readonly publicUrl: string;
}

export function renderAnswer(answer: Answer, book: Book, renderer: Renderer): { status: number; body: object } {
  switch (answer.kind) {
    case 'intent': {
      const intent = book.intent(answer.id);
      return { status: 200, body: intent === undefined ? {} : renderIntent(intent, renderer, answer.at) };
    }
    case 'refund': {
      const refund = book.refund(answer.id);
      return { status: 200, body: refund === undefined ? {} : renderRefund(refund) };
    }
    case 'error': {
      const intent = answer.intent === undefined ? undefined : book.intent(answer.intent.id);
      const shown = intent === undefined ? {} : { payment_intent: renderIntent(intent, renderer, answer.intent?.at) };
      return { status: answer.error.status, body: { error: { ...renderError(answer.error), ...shown } } };
    }
  }
}

function renderError({ status: _, declineCode, ...error }: ApiError): object {
  return declineCode === undefined ? error : { ...error, decline_code: declineCode };
}

export function renderIntent(
  intent: Intent,
  { publicUrl }: Renderer,
  at: Phase = intent.phase,
  expandCharge = false,
): object {
  const { status, method = null, decline } = at;
  const failure = decline === undefined ? undefined : DECLINES[decline];
  return {
    id: intent.id,
    object: 'payment_intent',
    amount: intent.amount,
    amount_capturable: 0,
    amount_received: status === 'succeeded' ? intent.amount : 0,
    canceled_at: status === 'canceled' ? seconds(intent.canceledAtMs ?? 0) : null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: null,
    confirmation_method: 'automatic',
    created: seconds(intent.createdMs),
    currency: intent.currency,
    customer: null,
    last_payment_error:
      failure === undefined
        ? null
        : { type: 'card_error', code: failure.code, decline_code: decline, message: failure.message },
    latest_charge: status === 'succeeded' ? (expandCharge ? renderCharge(intent) : chargeId(intent)) : null,
    livemode: false,
    metadata: intent.metadata,
    next_action:
      status === 'requires_action'
        ? {
            type: 'redirect_to_url',
            redirect_to_url: { url: `${publicUrl}/_bank/${intent.id}`, return_url: intent.returnUrl ?? null },
          }
        : null,
    payment_method: status === 'requires_payment_method' ? null : method,
    payment_method_types: ['card'],
    status,
  };
}

export function renderCharge(intent: Intent): object {
  return {
    id: chargeId(intent),
    object: 'charge',
    amount: intent.amount,
    amount_captured: intent.amount,
    amount_refunded: intent.refunded,
    captured: true,
    created: seconds(intent.createdMs),
    currency: intent.currency,
    livemode: false,
    metadata: intent.metadata,
    paid: true,
    payment_intent: intent.id,
    refunded: intent.refunded === intent.amount,
    status: 'succeeded',
  };
}

export function renderRefund(refund: Refund): object {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    charge: refund.intent.replace('pi_', 'ch_'),
    created: seconds(refund.createdMs),
    metadata: refund.metadata,
    payment_intent: refund.intent,
    status: 'succeeded',
  };
}

function chargeId({ id }: Intent): string {
  return id.replace('pi_', 'ch_');
}
