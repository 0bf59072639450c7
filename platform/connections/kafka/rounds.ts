/**
 * What one fetch brings comes as a call for each partition, all in the same turn of the event loop: a round. A trickle
 * brings a few messages of every partition, and a batch of each would cost a transaction and a commit of its own. And what
 * is fetched again at once brings the next one or two: after a small round others are given a moment to gather. A message
 * that comes when nothing did for a while does not wait, nor does a backlog.
 */
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { Delivery, Fetched } from './deliver.ts';

export interface RoundsOptions {
  readonly delivery: Delivery;
  readonly maxBatch: number;
  /** Batches under way at once. */
  readonly atOnce: number;
  /** Whether a batch may have messages of several partitions. */
  readonly isMixed: boolean;
  /** So many messages are no reason for a second batch. */
  readonly fewMessages: number;
  /** The least time from one fetch that brought something, but less than a batch, to the next. */
  readonly gatherMs: number;
  readonly stopping: AbortSignal;
}

/** Takes what was fetched of one partition; resolves when there may be another fetch. */
export function createRounds(options: RoundsOptions): (fetched: Fetched) => Promise<void> {
  const { delivery, maxBatch, atOnce, isMixed, fewMessages, gatherMs, stopping } = options;
  const inTurn = createTurns(atOnce);
  let open: { readonly fetched: Fetched[]; readonly over: Promise<void> } | undefined;

  async function goThrough(fetched: readonly Fetched[]): Promise<void> {
    const untilMs = performance.now() + gatherMs;
    await setImmediate();
    open = undefined;
    const batches = isMixed ? mixed(fetched) : fetched.map((one) => [one]);
    const ends = await Promise.allSettled(batches.map((batch) => inTurn(() => delivery.deliver(batch))));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    const restMs = untilMs - performance.now();
    if (restMs <= 0 || countOf(fetched) >= maxBatch) return;
    await delay(restMs, undefined, { signal: stopping }).catch(() => undefined);
  }

  /** A few in one batch, more in as many as may be under way at once. Who is in trouble comes last, and by itself. */
  function mixed(fetched: readonly Fetched[]): Fetched[][] {
    const most = Math.min(maxBatch, Math.max(fewMessages, Math.ceil(countOf(fetched) / atOnce)));
    const batches: Fetched[][] = [];
    const inTrouble: Fetched[][] = [];
    let messages = Number.POSITIVE_INFINITY;
    for (const one of fetched) {
      if (delivery.isInTrouble(one)) {
        inTrouble.push([one]);
        continue;
      }
      if (messages + one.count > most) {
        batches.push([]);
        messages = 0;
      }
      batches.at(-1)?.push(one);
      messages += one.count;
    }
    return [...batches, ...inTrouble];
  }

  return (fetched) => {
    if (open === undefined) {
      const round: Fetched[] = [];
      open = { fetched: round, over: goThrough(round) };
    }
    open.fetched.push(fetched);
    return open.over;
  };
}

/** No more than so many at once, in the order in which they came. */
function createTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

function countOf(fetched: readonly Fetched[]): number {
  return fetched.reduce((sum, { count }) => sum + count, 0);
}
