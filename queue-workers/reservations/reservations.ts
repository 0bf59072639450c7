/** Looks again and again for checkouts and orders whose time is over. Any number of processes may do it at once. */
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Repeated, repeatWork } from '../repeat.ts';
import { type Expiry, endCheckouts, endDueOrders } from './expire.ts';

const WORK = { checkouts: endCheckouts, orders: endDueOrders } as const;
export type ExpiryWork = keyof typeof WORK;
const KINDS: readonly ExpiryWork[] = ['checkouts', 'orders'];

export interface ReservationsOptions extends Expiry {
  readonly log: Logger;
  readonly everyMs?: number;
  readonly metrics: { ended(work: ExpiryWork, count: number): void; failed(work: ExpiryWork): void };
}

export function startReservations(options: ReservationsOptions): Repeated {
  const { log, metrics, everyMs = INTERVALS.reservationsPollMs } = options;
  return repeatWork({
    everyMs,
    kinds: KINDS,
    most: LIMITS.reservationsBatch,
    async work(kind) {
      const count = await WORK[kind](options);
      if (count > 0) metrics.ended(kind, count);
      return count;
    },
    failed(error, kind) {
      metrics.failed(kind);
      log.warn({ err: error, work: kind }, 'what is over could not be ended, trying again');
    },
  });
}
