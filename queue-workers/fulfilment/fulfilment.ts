import { LIMITS } from '../../contracts/limits.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Repeated, repeatWork } from '../repeat.ts';
import { completeOrders, deliverTold, type FulfilmentOptions } from './deliveries.ts';

const WORK = { delivered: deliverTold, completed: completeOrders } as const;
export type FulfilmentWork = keyof typeof WORK;
const KINDS: readonly FulfilmentWork[] = ['delivered', 'completed'];

export interface FulfilmentLoop extends FulfilmentOptions {
  readonly log: Logger;
  readonly everyMs: number;
  readonly metrics: { done(work: FulfilmentWork, count: number): void; failed(work: FulfilmentWork): void };
}

export function startFulfilment(options: FulfilmentLoop): Repeated {
  const { everyMs, log, metrics } = options;
  return repeatWork({
    everyMs,
    kinds: KINDS,
    most: options.limit ?? LIMITS.fulfilmentBatch,
    async work(kind) {
      const count = await WORK[kind](options);
      metrics.done(kind, count);
      return count;
    },
    failed(error, kind) {
      metrics.failed(kind);
      log.warn({ err: error, work: kind }, 'parcels could not be looked after, trying again');
    },
  });
}
