/**
 * One leader at a time, by a mutex in Redis that its holder has to refresh. Two leaders for a moment (a process that was
 * stopped for longer than its lock lasts) do no harm, because each step of the work can be done twice; the lock keeps
 * them from working against each other.
 */
import { Mutex } from 'redis-semaphore';
import type { Redis } from '../platform/connections/redis.ts';

export interface Leadership {
  /** Aborted as soon as the lead is lost. Undefined for as long as somebody else leads. */
  lead(): Promise<AbortSignal | undefined>;
  resign(): Promise<void>;
}

export interface LeadershipOptions {
  readonly redis: Redis;
  readonly key: string;
  readonly lockMs: number;
  onLost(error: unknown): void;
}

/** Missing one refresh is allowed, missing three is not. */
const REFRESHES_PER_LOCK = 4;

export function createLeadership(options: LeadershipOptions): Leadership {
  const { redis, key, lockMs, onLost } = options;
  let held: { readonly mutex: LeaderMutex; readonly lost: AbortController } | undefined;

  function lose(mutex: LeaderMutex, error: unknown): void {
    if (held?.mutex !== mutex) return;
    held.lost.abort();
    held = undefined;
    onLost(error);
  }

  async function acquire(): Promise<AbortSignal | undefined> {
    const mutex: LeaderMutex = new LeaderMutex(redis, key, lockMs, (error) => lose(mutex, error));
    const askedAtMs = performance.now();
    if (!(await mutex.tryAcquire())) return undefined;
    mutex.heldFrom(askedAtMs);
    held = { mutex, lost: new AbortController() };
    return held.lost.signal;
  }

  return {
    async lead() {
      if (held === undefined) return await acquire();
      const { mutex, lost } = held;
      if (!mutex.isOver()) return lost.signal;
      lose(mutex, new Error('the lock was not refreshed in time'));
      await mutex.release();
      return undefined;
    },
    async resign() {
      const { mutex, lost } = held ?? {};
      held = undefined;
      lost?.abort();
      await mutex?.release();
    },
  };
}

class LeaderMutex extends Mutex {
  readonly #lockMs: number;
  #overAtMs = 0;

  constructor(redis: Redis, key: string, lockMs: number, onLockLost: (error: unknown) => void) {
    const refreshInterval = Math.floor(lockMs / REFRESHES_PER_LOCK);
    super(redis, key, { lockTimeout: lockMs, acquireAttemptsLimit: 1, refreshInterval, onLockLost });
    this.#lockMs = lockMs;
  }

  heldFrom(askedAtMs: number): void {
    this.#overAtMs = askedAtMs + this.#lockMs;
  }

  isOver(): boolean {
    return performance.now() >= this.#overAtMs;
  }

  /**
   * The library lets an error of Redis out of its timer, where nobody can catch it: the process would end. A refresh
   * that failed is not a lock that is lost, until the time of the lock is over.
   */
  protected override async _refresh(): Promise<boolean> {
    const askedAtMs = performance.now();
    try {
      const refreshed = await super._refresh();
      if (refreshed) this.heldFrom(askedAtMs);
      return refreshed;
    } catch {
      return !this.isOver();
    }
  }
}
