/** The calls of the API: which path is which, and what is done. */
import { type Answer, noSuch } from './answer.ts';
import type { Book, Intent } from './book.ts';
import { cardOf } from './cards.ts';
import type { Call } from './faults.ts';
import type { Params } from './form.ts';
import { type Circumstances, cancelIntent, confirmIntent, createIntent, type Outcome } from './intents.ts';
import { createRefund } from './refunds.ts';

export type Write =
  | { readonly what: 'create' | 'refund' }
  | { readonly what: 'confirm' | 'cancel'; readonly id: string };

export type Read =
  | { readonly what: 'intents' | 'refunds' }
  | { readonly what: 'intent' | 'refund'; readonly id: string };

export function writeOf(path: string): Write | undefined {
  if (path === '/v1/payment_intents') return { what: 'create' };
  if (path === '/v1/refunds') return { what: 'refund' };
  const { id, what } = /^\/v1\/payment_intents\/(?<id>pi_\w+)\/(?<what>confirm|cancel)$/.exec(path)?.groups ?? {};
  if (id === undefined) return undefined;
  return { what: what === 'cancel' ? 'cancel' : 'confirm', id };
}

export function readOf(path: string): Read | undefined {
  if (path === '/v1/payment_intents') return { what: 'intents' };
  if (path === '/v1/refunds') return { what: 'refunds' };
  const intent = /^\/v1\/payment_intents\/(?<id>pi_\w+)$/.exec(path)?.groups?.id;
  if (intent !== undefined) return { what: 'intent', id: intent };
  const refund = /^\/v1\/refunds\/(?<id>re_\w+)$/.exec(path)?.groups?.id;
  return refund === undefined ? undefined : { what: 'refund', id: refund };
}

export function perform(write: Write, book: Book, params: Params, at: Circumstances): Outcome {
  switch (write.what) {
    case 'create':
      return createIntent(book, params, at);
    case 'refund':
      return createRefund(book, params, at.nowMs);
    default: {
      const intent = book.intent(write.id);
      if (intent === undefined) return { answer: noSuch('payment_intent', write.id) };
      return write.what === 'cancel' ? cancelIntent(intent, at.nowMs) : confirmIntent(intent, params, at);
    }
  }
}

/** What the faults go by. */
export function callOf(write: Write, book: Book, params: Params, key: string): Call {
  const id = 'id' in write ? write.id : (params.get('payment_intent') ?? '');
  const intent = book.intent(id);
  const ours = intent?.metadata.payment_id ?? params.get('metadata[payment_id]') ?? id;
  const isConfirmed = write.what === 'confirm' || params.get('confirm') === 'true';
  return {
    what: isConfirmed ? 'confirm' : write.what,
    // Refunds of one payment each have a fate of their own.
    id: write.what === 'refund' ? key : ours,
    card: cardOf(params.get('payment_method') ?? intent?.phase.method),
  };
}

export function paymentOf(intent: Intent): string {
  return intent.metadata.payment_id ?? intent.id;
}

export const NO_SUCH_PATH: Answer = {
  kind: 'error',
  error: { status: 404, type: 'invalid_request_error', message: 'Unrecognized request URL.' },
};

export const UNAUTHORIZED: Answer = {
  kind: 'error',
  error: { status: 401, type: 'invalid_request_error', message: 'Invalid API Key provided.' },
};
