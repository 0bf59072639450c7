/**
 * Bounds how many calls all processes together have under way towards one provider: a permit is one place of a semaphore
 * in Redis. A permit is kept for as long as there is work, since three calls of Redis for each call of the provider would
 * be three disks to wait for, and given on now and then, so that no process keeps them all.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Semaphore } from 'redis-semaphore';
import { INTERVALS } from '../../contracts/limits.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import type { Logger } from '../../platform/logging/logger.ts';

export interface Permits {
  /** Runs the task as soon as a permit is free. The task has to end by itself and tells its own failures. */
  submit(task: () => Promise<void>): void;
  readonly waiting: number;
  readonly held: number;
  /** Finishes what is under way; what only waits is given up. */
  stop(): Promise<void>;
}

export interface PermitsOptions {
  readonly redis: Redis;
  readonly key: string;
  readonly limit: number;
  readonly log: Logger;
}

const REFRESHES_PER_LOCK = 4;

export function createPermits(options: PermitsOptions): Permits {
  const { limit, log } = options;
  const stopping = new AbortController();
  const tasks: (() => Promise<void>)[] = [];
  const users = new Set<Promise<void>>();
  let held = 0;
  let wake = Promise.withResolvers<void>();

  function wakeIdle(): void {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  }

  async function use(): Promise<void> {
    const permit = await acquire();
    if (permit === undefined) return;
    held += 1;
    const giveOnAtMs = performance.now() + INTERVALS.permitTenureMs;
    try {
      while (!permit.isLost() && performance.now() < giveOnAtMs) {
        const task = tasks.shift();
        if (task !== undefined) await task();
        else if (!(await somethingComes())) break;
      }
    } finally {
      held -= 1;
      await permit.release();
    }
  }

  /** Tasks that come while this waits are worth its permit. */
  async function somethingComes(): Promise<boolean> {
    if (stopping.signal.aborted) return false;
    const idle = new AbortController();
    const quiet = delay(INTERVALS.permitIdleMs, undefined, { signal: idle.signal }).catch(() => undefined);
    await Promise.race([wake.promise, quiet]);
    idle.abort();
    return tasks.length > 0;
  }

  async function acquire(): Promise<Permit | undefined> {
    while (tasks.length > 0 && !stopping.signal.aborted) {
      const permit = new Permit(options);
      try {
        if (await permit.tryAcquire()) return permit;
      } catch (error) {
        log.debug({ err: error }, 'no permit could be asked for');
      }
      await delay(INTERVALS.permitRetryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return undefined;
  }

  function open(): void {
    const user: Promise<void> = use()
      .catch((error: unknown) => log.warn({ err: error }, 'a permit could not be given back'))
      .finally(() => {
        users.delete(user);
        if (tasks.length > 0 && !stopping.signal.aborted) open();
      });
    users.add(user);
  }

  return {
    submit(task) {
      tasks.push(task);
      wakeIdle();
      if (users.size < Math.min(limit, tasks.length + held)) open();
    },
    get waiting() {
      return tasks.length;
    },
    get held() {
      return held;
    },
    async stop() {
      stopping.abort();
      tasks.length = 0;
      wakeIdle();
      await Promise.all(users);
    },
  };
}

class Permit extends Semaphore {
  #lost = false;
  #overAtMs = Number.POSITIVE_INFINITY;

  constructor({ redis, key, limit }: PermitsOptions) {
    super(redis, key, limit, {
      lockTimeout: INTERVALS.permitLockMs,
      refreshInterval: Math.floor(INTERVALS.permitLockMs / REFRESHES_PER_LOCK),
      acquireAttemptsLimit: 1,
      onLockLost: () => {
        this.#lost = true;
      },
    });
  }

  isLost(): boolean {
    return this.#lost || performance.now() >= this.#overAtMs;
  }

  /** The library lets an error of Redis out of its timer, where nobody can catch it: the process would end. */
  protected override async _refresh(): Promise<boolean> {
    const askedAtMs = performance.now();
    try {
      const refreshed = await super._refresh();
      if (refreshed) this.#overAtMs = askedAtMs + INTERVALS.permitLockMs;
      return refreshed;
    } catch {
      this.#overAtMs = Math.min(this.#overAtMs, askedAtMs + INTERVALS.permitLockMs);
      return !this.isLost();
    }
  }
}
