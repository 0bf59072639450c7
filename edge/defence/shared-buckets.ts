/**
 * Buckets over all edges: the one of this process is asked first, so that who asks too much costs Redis nothing, then the
 * one in Redis. When Redis is slow or gone the answer of this process stands: a defence must not close the shop.
 */
import { LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { Budgets, Draw } from '../../reservation-core/budgets.ts';
import { type BucketSize, createBuckets, type Taken } from './buckets.ts';

export interface SharedBuckets {
  take(who: string, cost: number): Promise<Taken>;
  /** As far as this process knows without asking. */
  used(who: string): number;
}

export interface SharedBucketOptions {
  readonly of: Draw['of'];
  readonly size: BucketSize;
  readonly budgets: Pick<Budgets, 'take'>;
  readonly clock: Clock;
  onFailed(error: unknown): void;
}

/** After a failed call nobody waits for Redis for this long. */
const PAUSE_MS = 1_000;

export function createSharedBuckets({ of, size, budgets, clock, onFailed }: SharedBucketOptions): SharedBuckets {
  const own = createBuckets(size, LIMITS.addressesCounted);
  let pausedUntilMs = 0;
  return {
    async take(who, cost) {
      const here = own.take(who, cost, clock.now());
      if (!here.ok || clock.now() < pausedUntilMs) return here;
      try {
        const call = budgets.take({ of, who, cost, ...size });
        const everywhere = await withDeadline(call, LIMITS.budgetDeadlineMs, 'counting a join');
        const { used } = everywhere;
        own.learn(who, used, clock.now());
        return everywhere.reply === 'TAKEN'
          ? { ok: true, used }
          : { ok: false, used, retryAfterMs: everywhere.retryAfterMs };
      } catch (error) {
        pausedUntilMs = clock.now() + PAUSE_MS;
        onFailed(error);
        return here;
      }
    },
    used: (who) => own.used(who, clock.now()),
  };
}
