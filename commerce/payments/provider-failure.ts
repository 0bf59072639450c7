import { ProviderError } from './provider.ts';

/**
 * Why a provider did not answer as it should:
 * `unreachable` no connection, or one that broke · `timeout` no answer in time · `failing` its own mistake ·
 * `busy` it asks to be asked less · `in-use` the same call is under way · `locked-out` it does not know our key ·
 * `rejected` it does not understand the call · `resting` it failed too often and is left alone
 */
export type FailureKind =
  | 'unreachable'
  | 'timeout'
  | 'failing'
  | 'busy'
  | 'in-use'
  | 'locked-out'
  | 'rejected'
  | 'resting';

const RETRYABLE: ReadonlySet<FailureKind> = new Set(['unreachable', 'timeout', 'failing', 'busy', 'in-use']);
const OUTAGE: ReadonlySet<FailureKind> = new Set(['unreachable', 'timeout', 'failing', 'busy', 'locked-out']);

export class ProviderFailure extends ProviderError {
  readonly kind: FailureKind;

  constructor(
    provider: string,
    message: string,
    options: { readonly kind: FailureKind; readonly sent: boolean; readonly cause?: unknown },
  ) {
    super(provider, message, options);
    this.name = 'ProviderFailure';
    this.kind = options.kind;
  }

  /** Whether the same call may go better in a moment. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.kind);
  }

  /** Whether it says something about the provider, not only about this call. */
  get isOutage(): boolean {
    return OUTAGE.has(this.kind);
  }
}
