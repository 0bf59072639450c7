/**
 * A provider that is asked patiently and left alone when it fails: retries with decorrelated jitter inside one budget,
 * and a circuit breaker. Whether anything left is told of all tries together: the last one may have been refused at the
 * door while the first one took the money.
 */
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBreaker,
  isBrokenCircuitError,
  isTaskCancelledError,
  retry,
  TimeoutStrategy,
  timeout,
} from 'cockatiel';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { BookedCharge, Charge, ChargeState, PaymentProvider, RefundOrder, RefundState } from './provider.ts';
import { ProviderError } from './provider.ts';
import { ProviderFailure } from './provider-failure.ts';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface GuardOptions {
  readonly budgetMs: number;
  readonly tries: number;
  readonly failuresInRow: number;
  readonly callsWatched: number;
  readonly restMs: number;
  readonly retryMs: { readonly first: number; readonly most: number };
}

const STANDARD: GuardOptions = {
  budgetMs: LIMITS.paymentBudgetMs,
  tries: LIMITS.paymentTries,
  failuresInRow: LIMITS.paymentFailuresInRow,
  callsWatched: LIMITS.paymentCallsWatched,
  restMs: INTERVALS.paymentRestMs,
  retryMs: INTERVALS.paymentRetryMs,
};

/** What became of the tries of one step. */
interface Tries {
  wasSent: boolean;
  last: unknown;
}

export class GuardedProvider implements PaymentProvider {
  readonly name: string;
  readonly #provider: PaymentProvider;
  readonly #options: GuardOptions;
  readonly #breaker;
  readonly #retry;
  readonly #budget;
  #restsUntilMs = 0;

  constructor(provider: PaymentProvider, options: Partial<GuardOptions> = {}) {
    this.name = provider.name;
    this.#provider = provider;
    this.#options = { ...STANDARD, ...options };
    const { restMs, retryMs, tries, budgetMs } = this.#options;
    this.#breaker = circuitBreaker(handleWhen(isOutage), { halfOpenAfter: restMs, breaker: breakerOf(this.#options) });
    this.#breaker.onBreak(() => {
      this.#restsUntilMs = Date.now() + restMs;
    });
    this.#retry = retry(handleWhen(isRetryable), {
      maxAttempts: tries - 1,
      backoff: new ExponentialBackoff({ initialDelay: retryMs.first, maxDelay: retryMs.most }),
    });
    this.#budget = timeout(budgetMs, TimeoutStrategy.Aggressive);
  }

  get breakerState(): BreakerState {
    switch (this.#breaker.state) {
      case CircuitState.Closed:
        return 'closed';
      case CircuitState.HalfOpen:
        return 'half-open';
      default:
        return 'open';
    }
  }

  /** Whether a new charge may begin here: it works, or it has rested and one call may try whether it does again. */
  get isAvailable(): boolean {
    if (this.breakerState === 'closed') return true;
    return this.breakerState === 'open' && Date.now() >= this.#restsUntilMs;
  }

  charge(charge: Charge): Promise<ChargeState> {
    return this.#run(charge.ref !== undefined, () => this.#provider.charge(charge));
  }

  find(ref: string): Promise<ChargeState> {
    return this.#run(true, () => this.#provider.find(ref));
  }

  cancel(charge: Charge): Promise<ChargeState> {
    return this.#run(charge.ref !== undefined, () => this.#provider.cancel(charge));
  }

  refund(refund: RefundOrder): Promise<RefundState> {
    return this.#run(true, () => this.#provider.refund(refund));
  }

  /** Not guarded as a whole: who reads books begins again where they like. */
  booked(sinceMs: number): AsyncIterable<BookedCharge> {
    return this.#provider.booked(sinceMs);
  }

  readWebhook(body: Buffer, signature: string) {
    return this.#provider.readWebhook(body, signature);
  }

  async #run<T>(wasSent: boolean, call: () => Promise<T>): Promise<T> {
    const tries: Tries = { wasSent, last: undefined };
    try {
      return await this.#budget.execute(({ signal }) => this.#retry.execute(() => this.#try(tries, call), signal));
    } catch (error) {
      throw this.#failure(tries, error);
    }
  }

  async #try<T>(tries: Tries, call: () => Promise<T>): Promise<T> {
    // The one call that tries it is under way: the others do not wait for it, they may be had elsewhere.
    if (this.#breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
    return await this.#breaker.execute(async () => {
      const sentBefore = tries.wasSent;
      // Until it is known that it was not: the budget may end in the middle of it.
      tries.wasSent = true;
      try {
        return await call();
      } catch (error) {
        tries.last = error;
        if (error instanceof ProviderError && !error.sent) tries.wasSent = sentBefore;
        throw error;
      }
    });
  }

  #failure({ wasSent: sent, last: cause }: Tries, error: unknown): ProviderError {
    if (isBrokenCircuitError(error)) {
      const message = `${this.name} failed too often and is left alone for a while`;
      return new ProviderFailure(this.name, message, { kind: 'resting', sent, cause });
    }
    if (isTaskCancelledError(error)) {
      const message = `${this.name} did not answer within ${this.#options.budgetMs} ms`;
      return new ProviderFailure(this.name, message, { kind: 'timeout', sent, cause });
    }
    if (error instanceof ProviderFailure && error.sent !== sent)
      return new ProviderFailure(this.name, error.message, { kind: error.kind, sent, cause: error });
    if (error instanceof ProviderError) return error;
    return new ProviderFailure(this.name, 'the call failed', { kind: 'failing', sent: true, cause: error });
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof ProviderFailure && error.isRetryable;
}

function isOutage(error: unknown): boolean {
  return error instanceof ProviderFailure && error.isOutage;
}

/** One that is gone shows by failures in a row, one that is sick by the share of them. */
function breakerOf({ failuresInRow, callsWatched }: GuardOptions): IBreaker {
  const inRow = new ConsecutiveBreaker(failuresInRow);
  const share = new CountBreaker({
    threshold: 0.5,
    size: callsWatched,
    minimumNumberOfCalls: Math.ceil(callsWatched / 2),
  });
  return {
    state: undefined,
    success(state) {
      inRow.success();
      share.success(state);
    },
    failure(state) {
      const isGone = inRow.failure();
      return share.failure(state) || isGone;
    },
  };
}
