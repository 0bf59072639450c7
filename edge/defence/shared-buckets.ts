/**
 * Buckets over all edges: the one of this process is asked first, so that who asks too much costs Redis nothing, then the
 * one in Redis. When Redis is slow or gone the answer of this process stands: a defence must not close the shop.
 *
 * Small change is not reported: what a key has used here is told to Redis once it is more than `small`. Most shoppers
 * join once and most addresses for a few, so they cost Redis nothing (asking for each join, one edge made 7,000 joins a
 * second at the most). The price: all edges together may let in `small` more for each edge than the budget has.
 */
import { LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { Budgets, Draw } from '../../reservation-core/budgets.ts';
import { type Bucket, type BucketSize, createBucketMap, type Taken, takeFrom, usedOf } from './buckets.ts';

export interface SharedBuckets {
  take(who: string, cost: number): Promise<Taken>;
  /** As far as this process knows without asking. */
  used(who: string): number;
}

export interface SharedBucketOptions {
  readonly of: Draw['of'];
  readonly size: BucketSize & { readonly small: number };
  readonly budgets: Pick<Budgets, 'take'>;
  readonly clock: Clock;
  onFailed(error: unknown): void;
}

interface SharedBucket extends Bucket {
  /** All that was ever taken here, and how much of it Redis knows of or need not know any more. */
  total: number;
  told: number;
  /** One report of a key at a time: who comes meanwhile waits for what it brings. */
  reporting?: Promise<Taken> | undefined;
}

/** After a failed call nobody waits for Redis for this long. */
const PAUSE_MS = 1_000;
/** A report of all that a burst used would be refused as one; in parts, as many get through as there is room for. */
const SMALLS_IN_A_REPORT = 5;

export function createSharedBuckets({ of, size, budgets, clock, onFailed }: SharedBucketOptions): SharedBuckets {
  const own = createBucketMap<SharedBucket>(LIMITS.addressesCounted, () => ({ fullAtMs: 0, total: 0, told: 0 }));
  const { capacity, refillPerSecond, small } = size;
  let pausedUntilMs = 0;

  async function report(who: string, bucket: SharedBucket): Promise<Taken> {
    const cost = Math.min(Math.ceil(bucket.total - bucket.told), small * SMALLS_IN_A_REPORT);
    try {
      const call = budgets.take({ of, who, cost, capacity, refillPerSecond });
      const everywhere = await withDeadline(call, LIMITS.budgetDeadlineMs, 'counting a join');
      bucket.told = Math.min(bucket.total, bucket.told + cost);
      bucket.fullAtMs = Math.max(bucket.fullAtMs, clock.now() + (everywhere.used * 1_000) / refillPerSecond);
      const used = usedOf(bucket, size, clock.now());
      return everywhere.reply === 'TAKEN'
        ? { ok: true, used }
        : { ok: false, used, retryAfterMs: everywhere.retryAfterMs };
    } catch (error) {
      pausedUntilMs = clock.now() + PAUSE_MS;
      onFailed(error);
      return { ok: true, used: usedOf(bucket, size, clock.now()) };
    } finally {
      bucket.reporting = undefined;
    }
  }

  return {
    async take(who, cost) {
      const bucket = own.of(who);
      let answer = takeFrom(bucket, size, cost, clock.now());
      if (!answer.ok) return answer;
      bucket.total += cost;
      // What has filled up again since is nobody's business any more.
      bucket.told = Math.max(bucket.told, bucket.total - answer.used);
      const mine = bucket.total;
      while (answer.ok && mine - bucket.told > small && clock.now() >= pausedUntilMs) {
        bucket.reporting ??= report(who, bucket);
        answer = await bucket.reporting;
      }
      return answer;
    },
    used: (who) => usedOf(own.peek(who), size, clock.now()),
  };
}
