/** Looks again and again for checkouts and orders whose time is over. Any number of processes may do it at once. */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Expiry, endCheckouts, endDueOrders } from './expire.ts';

const WORK = { checkouts: endCheckouts, orders: endDueOrders } as const;
export type ExpiryWork = keyof typeof WORK;
const KINDS: readonly ExpiryWork[] = ['checkouts', 'orders'];

export interface ReservationsOptions extends Expiry {
  readonly log: Logger;
  readonly everyMs?: number;
  readonly metrics: { ended(work: ExpiryWork, count: number): void; failed(work: ExpiryWork): void };
}

export function startReservations(options: ReservationsOptions): { stop(): Promise<void> } {
  const { log, metrics, everyMs = INTERVALS.reservationsPollMs } = options;
  const stopping = new AbortController();

  /** Batch after batch while there is something, but not for ever: the next look goes on. */
  async function work(kind: ExpiryWork): Promise<void> {
    for (let round = 0; round < LIMITS.pruneRounds && !stopping.signal.aborted; round += 1) {
      const count = await WORK[kind](options);
      if (count > 0) metrics.ended(kind, count);
      if (count < LIMITS.reservationsBatch) return;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      for (const kind of KINDS) {
        await work(kind).catch((error: unknown) => {
          metrics.failed(kind);
          log.warn({ err: error, work: kind }, 'what is over could not be ended, trying again');
        });
      }
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
