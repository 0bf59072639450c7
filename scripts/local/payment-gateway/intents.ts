/** What can be done with a payment intent. Each answers with the change to be written and the events to be told. */
import { type Answer, noSuch, type Phase, refuse } from './answer.ts';
import type { Book, Change, Intent } from './book.ts';
import { BOUNDS } from './bounds.ts';
import { type Card, cardOf, DECLINES, PROCESSING_MS } from './cards.ts';
import { metadataOf, type Params } from './form.ts';
import { newId } from './ids.ts';

export type EventType =
  | 'payment_intent.succeeded'
  | 'payment_intent.payment_failed'
  | 'payment_intent.requires_action'
  | 'payment_intent.canceled'
  | 'charge.refunded';

export interface Outcome {
  readonly answer: Answer;
  /** Nothing for a call that was refused before it began: its key is not kept either. */
  readonly change?: Change;
  readonly events?: readonly EventType[];
}

export interface Circumstances {
  readonly nowMs: number;
  /** A fault that declines whatever the card. */
  readonly decline?: string;
}

export function createIntent(book: Book, params: Params, at: Circumstances): Outcome {
  const checked = checkIntent(params);
  if ('answer' in checked) return checked;
  if (book.intents >= BOUNDS.intents)
    return { answer: refuse('rate_limit', 'The books of the local gateway are full.') };
  const method = params.get('payment_method');
  if (method !== undefined && cardOf(method) === undefined)
    return { answer: noSuch('PaymentMethod', method, 'payment_method') };
  const intent: Intent = {
    id: newId('pi'),
    ...checked,
    createdMs: at.nowMs,
    phase: method === undefined ? { status: 'requires_payment_method' } : { status: 'requires_confirmation', method },
    ...returnUrl(params),
    captures: 0,
    refunded: 0,
  };
  if (params.get('confirm') !== 'true') return { answer: shown(intent), change: { intent } };
  return confirmIntent(intent, params, at);
}

function checkIntent(params: Params): Pick<Intent, 'amount' | 'currency' | 'metadata'> | Outcome {
  const amount = params.get('amount') ?? '';
  if (!/^\d{1,15}$/.test(amount)) return { answer: refuse('parameter_invalid_integer', 'Invalid integer.', 'amount') };
  if (Number(amount) < 1) return { answer: refuse('amount_too_small', 'Amount must be at least 1.', 'amount') };
  if (Number(amount) > BOUNDS.amountMinor)
    return { answer: refuse('amount_too_large', `Amount must be no more than ${BOUNDS.amountMinor}.`, 'amount') };
  const currency = params.get('currency') ?? '';
  if (!/^[a-z]{3}$/i.test(currency))
    return { answer: refuse('parameter_invalid_empty', 'Invalid currency.', 'currency') };
  const metadata = metadataOf(params);
  if (metadata === undefined) return { answer: refuse('parameter_invalid', 'Too much metadata.', 'metadata') };
  return { amount: Number(amount), currency: currency.toLowerCase(), metadata };
}

export function confirmIntent(before: Intent, params: Params, at: Circumstances): Outcome {
  const { status } = before.phase;
  if (status !== 'requires_payment_method' && status !== 'requires_confirmation') return unexpected(before, 'confirm');
  const method = params.get('payment_method') ?? (status === 'requires_confirmation' ? before.phase.method : undefined);
  if (method === undefined)
    return { answer: refuse('payment_intent_unexpected_state', 'You cannot confirm without a payment method.') };
  const card = cardOf(method);
  if (card === undefined) return { answer: noSuch('PaymentMethod', method, 'payment_method') };
  const intent = { ...before, ...returnUrl(params) };
  return decide(intent, method, at.decline === undefined ? card : { outcome: { declines: at.decline } }, at.nowMs);
}

function decide(intent: Intent, method: string, card: Card, nowMs: number): Outcome {
  switch (card.outcome) {
    case 'succeeds':
      return capture(intent, method);
    case 'asks':
      return moved({ ...intent, phase: { status: 'requires_action', method } }, 'payment_intent.requires_action');
    case 'processes': {
      const waiting = {
        ...intent,
        phase: { status: 'processing' as const, method },
        decideAtMs: nowMs + PROCESSING_MS,
      };
      return { answer: shown(waiting), change: { intent: waiting } };
    }
    default:
      return declineWith(intent, method, card.outcome.declines);
  }
}

function capture(intent: Intent, method: string | undefined): Outcome {
  const { decideAtMs: _, ...decided } = intent;
  return moved(
    { ...decided, phase: phaseOf('succeeded', method), captures: intent.captures + 1 },
    'payment_intent.succeeded',
  );
}

function declineWith(intent: Intent, method: string | undefined, decline: string): Outcome {
  const failed: Intent = { ...intent, phase: { ...phaseOf('requires_payment_method', method), decline } };
  const { code = 'card_declined', message = 'Your card was declined.' } = DECLINES[decline] ?? {};
  return {
    answer: {
      kind: 'error',
      error: { status: 402, type: 'card_error', code, declineCode: decline, message },
      intent: { id: failed.id, at: failed.phase },
    },
    change: { intent: failed },
    events: ['payment_intent.payment_failed'],
  };
}

/** What the shopper said on the bank's page. */
export function finishAction(intent: Intent, confirmed: boolean): Outcome {
  if (intent.phase.status !== 'requires_action') return unexpected(intent, 'finish');
  const { method } = intent.phase;
  if (confirmed) return capture(intent, method);
  return declineWith(intent, method, 'authentication_failed');
}

/** Of one that is processing, once its time has come. */
export function decideProcessing(intent: Intent, nowMs: number): Outcome | undefined {
  const isDue = intent.phase.status === 'processing' && nowMs >= (intent.decideAtMs ?? 0);
  return isDue ? capture(intent, intent.phase.method) : undefined;
}

export function cancelIntent(intent: Intent, nowMs: number): Outcome {
  const { status } = intent.phase;
  if (status === 'succeeded' || status === 'canceled' || status === 'processing') return unexpected(intent, 'cancel');
  return moved(
    { ...intent, phase: { ...intent.phase, status: 'canceled' }, canceledAtMs: nowMs },
    'payment_intent.canceled',
  );
}

function moved(intent: Intent, event: EventType): Outcome {
  return { answer: shown(intent), change: { intent }, events: [event] };
}

function unexpected(intent: Intent, what: string): Outcome {
  const message = `You cannot ${what} this PaymentIntent because it has a status of ${intent.phase.status}.`;
  return {
    answer: {
      kind: 'error',
      error: { status: 400, type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message },
      intent: { id: intent.id, at: intent.phase },
    },
  };
}

export function shown(intent: Intent): Answer {
  return { kind: 'intent', id: intent.id, at: intent.phase };
}

function phaseOf(status: Phase['status'], method: string | undefined): Phase {
  return method === undefined ? { status } : { status, method };
}

function returnUrl(params: Params): { readonly returnUrl?: string } {
  const given = params.get('return_url');
  // Only to a page: the bank's page sends the shopper there.
  return given !== undefined && /^https?:\/\//.test(given) ? { returnUrl: given.slice(0, 2_000) } : {};
}
