/** What an error of the SDK means. Its texts are ours, so that nothing of a shopper's card or our key is in them. */
import Stripe from 'stripe';
import { type FailureKind, ProviderFailure } from './provider-failure.ts';

/** `wasSent`: whether something of the same step reached the provider before. */
export function failureOf(provider: string, error: unknown, wasSent: boolean): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof Stripe.errors.StripeConnectionError) return connectionFailure(provider, error, wasSent);
  if (!(error instanceof Stripe.errors.StripeError))
    return new ProviderFailure(provider, 'the call failed', { kind: 'failing', sent: true, cause: error });
  const { statusCode, code, type, requestId } = error;
  const message = [`${provider} answered ${statusCode ?? 'nothing that can be read'}`, type, code, requestId]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
  return new ProviderFailure(provider, message, { kind: kindOf(statusCode, code), sent: true });
}

function kindOf(status: number | undefined, code: string | undefined): FailureKind {
  if (status === undefined || status >= 500) return 'failing';
  if (status === 409 || code === 'lock_timeout') return 'in-use';
  if (status === 429) return 'busy';
  return status === 401 || status === 403 ? 'locked-out' : 'rejected';
}

function connectionFailure(
  provider: string,
  error: InstanceType<typeof Stripe.errors.StripeConnectionError>,
  wasSent: boolean,
): ProviderFailure {
  const cause: unknown = error.detail;
  const sent = wasSent || !neverLeft(cause);
  const isLate = error.message.includes('timeout');
  const message = isLate ? `${provider} did not answer in time` : `${provider} cannot be reached`;
  return new ProviderFailure(provider, message, { kind: isLate ? 'timeout' : 'unreachable', sent, cause });
}

/** No name, or no connection: not a byte of the call can have left. */
function neverLeft(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(neverLeft);
  if (!(cause instanceof Error) || !('syscall' in cause)) return false;
  return cause.syscall === 'connect' || cause.syscall === 'getaddrinfo';
}

/** The provider keeps this answer for the key, and would give it for ever. */
export function isKeptMistake(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeError &&
    (error.statusCode ?? 0) >= 500 &&
    error.headers?.['idempotent-replayed'] === 'true'
  );
}

export function isReplay(answer: { readonly lastResponse: { readonly headers: Record<string, string> } }): boolean {
  return answer.lastResponse.headers['idempotent-replayed'] === 'true';
}

/** The key was used for another call: one whose parameters have changed since. */
export function isOtherCall(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeIdempotencyError;
}

/** The intent is not in a state for that: somebody else was there first, or it is over. */
export function isTooLate(error: unknown): boolean {
  return isRefusal(error) && error.code === 'payment_intent_unexpected_state';
}

export function isDecline(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeCardError;
}

/** A refusal because of one of these parameters: asking again would not change it. */
export function refusedFor(error: unknown, params: readonly string[]): string | undefined {
  if (!isRefusal(error) || !params.includes(error.param ?? '')) return undefined;
  return reasonOf(error.code, `invalid_${error.param}`);
}

export function isRefusal(error: unknown): error is InstanceType<typeof Stripe.errors.StripeInvalidRequestError> {
  return error instanceof Stripe.errors.StripeInvalidRequestError;
}

/** As it is kept with the payment: short, and a word. */
export function reasonOf(code: string | null | undefined, otherwise: string): string {
  return code !== undefined && code !== null && /^[a-z][a-z0-9_]{0,59}$/.test(code) ? code : otherwise;
}
