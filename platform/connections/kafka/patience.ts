import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../backoff.ts';

/** For a first connection: servers that are started together come up one after the other. The last failure is thrown. */
export async function untilItWorks<T>(work: () => Promise<T>, withinMs: number, backoff: Backoff): Promise<T> {
  const until = performance.now() + withinMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const wait = backoffMs(attempt, backoff);
      if (performance.now() + wait > until) throw error;
      await delay(wait);
    }
  }
}
