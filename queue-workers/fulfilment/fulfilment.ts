import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '../../contracts/limits.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { completeOrders, deliverTold, type FulfilmentOptions } from './deliveries.ts';

const WORK = { delivered: deliverTold, completed: completeOrders } as const;
export type FulfilmentWork = keyof typeof WORK;
const KINDS: readonly FulfilmentWork[] = ['delivered', 'completed'];

export interface FulfilmentLoop extends FulfilmentOptions {
  readonly log: Logger;
  readonly everyMs: number;
  readonly metrics: { done(work: FulfilmentWork, count: number): void; failed(work: FulfilmentWork): void };
}

export function startFulfilment(options: FulfilmentLoop): { stop(): Promise<void> } {
  const { everyMs, log, metrics } = options;
  const stopping = new AbortController();

  /** Batch after batch while there is something, but not for ever: the next look goes on. */
  async function work(kind: FulfilmentWork): Promise<void> {
    for (let round = 0; round < LIMITS.pruneRounds && !stopping.signal.aborted; round += 1) {
      const count = await WORK[kind](options);
      metrics.done(kind, count);
      if (count < (options.limit ?? LIMITS.fulfilmentBatch)) return;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      for (const kind of KINDS) {
        await work(kind).catch((error: unknown) => {
          metrics.failed(kind);
          log.warn({ err: error, work: kind }, 'parcels could not be looked after, trying again');
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
