/** What a call is answered with, small enough to be kept for every idempotency key; render.ts makes Stripe's JSON of it. */

export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'succeeded'
  | 'canceled';

/** The part of an intent that changes; answers keep the one of their moment. */
export interface Phase {
  readonly status: IntentStatus;
  /** The card of the moment. */
  readonly method?: string;
  /** Decline code of the last attempt. */
  readonly decline?: string;
}

export interface ApiError {
  readonly status: number;
  readonly type: 'card_error' | 'invalid_request_error' | 'idempotency_error' | 'api_error';
  readonly code?: string;
  readonly declineCode?: string;
  readonly param?: string;
  readonly message: string;
}

export type Answer =
  | { readonly kind: 'intent'; readonly id: string; readonly at: Phase }
  | { readonly kind: 'refund'; readonly id: string }
  | { readonly kind: 'error'; readonly error: ApiError; readonly intent?: { readonly id: string; readonly at: Phase } };

export function refuse(code: string, message: string, param?: string): Answer {
  const error: ApiError = { status: 400, type: 'invalid_request_error', code, message };
  return { kind: 'error', error: param === undefined ? error : { ...error, param } };
}

export function noSuch(what: string, id: string, param = 'intent'): Answer {
  const message = `No such ${what}: '${id.slice(0, 100)}'`;
  const status = param === 'intent' ? 404 : 400;
  return {
    kind: 'error',
    error: { status, type: 'invalid_request_error', code: 'resource_missing', message, param },
  };
}

export const BROKEN: Answer = {
  kind: 'error',
  error: { status: 500, type: 'api_error', message: 'An unknown error occurred.' },
};
