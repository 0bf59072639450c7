import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Delivery, Fetched } from './deliver.ts';
import { createRounds, type RoundsOptions } from './rounds.ts';

function fetchOf(partition: number, count: number): Fetched {
  return {
    ...{ topic: 't', partition, count },
    read: () => [],
    heartbeat: async () => undefined,
    moveTo: () => undefined,
    commitThrough: async () => undefined,
    holdFor: () => undefined,
    isCurrent: () => true,
  };
}

function roundsOf(deliver: Delivery['deliver'], more: Partial<RoundsOptions> & { inTrouble?: number } = {}) {
  return createRounds({
    delivery: { deliver, isInTrouble: ({ partition }) => partition === more.inTrouble },
    ...{ maxBatch: 10, atOnce: 2, isMixed: true, fewMessages: 4, gatherMs: 0, stopping: new AbortController().signal },
    ...more,
  });
}

const partitions = (together: readonly Fetched[]) => together.map(({ partition }) => partition);

/** What one fetch brought: all calls in the same turn, as the client makes them. */
const fetchAll = (take: (fetched: Fetched) => Promise<void>, ...fetched: Fetched[]) => Promise.all(fetched.map(take));

describe('createRounds', () => {
  it('puts what a fetch brought of several partitions into as few batches as hold it', async () => {
    const batches: number[][] = [];
    const take = roundsOf(async (together) => void batches.push(partitions(together)));
    await fetchAll(take, fetchOf(0, 4), fetchOf(1, 6), fetchOf(2, 25), fetchOf(3, 1), fetchOf(4, 9));
    expect(batches).toEqual([[0, 1], [2], [3, 4]]);
  });

  it('divides what is more than a few among the batches that may be under way', async () => {
    const batches: number[][] = [];
    const take = roundsOf(async (together) => void batches.push(partitions(together)), { maxBatch: 100 });
    await fetchAll(take, ...[0, 1, 2, 3].map((partition) => fetchOf(partition, 1)));
    await fetchAll(take, ...[0, 1, 2, 3].map((partition) => fetchOf(partition, 3)));
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [0, 1],
      [2, 3],
    ]);
  });

  it('keeps partitions apart unless they may be mixed', async () => {
    const batches: number[][] = [];
    const take = roundsOf(async (together) => void batches.push(partitions(together)), { isMixed: false });
    await fetchAll(take, fetchOf(0, 1), fetchOf(1, 1));
    expect(batches).toEqual([[0], [1]]);
  });

  it('gives a partition in trouble a batch of its own, after the others', async () => {
    const batches: number[][] = [];
    const take = roundsOf(async (together) => void batches.push(partitions(together)), { inTrouble: 1 });
    await fetchAll(take, fetchOf(0, 1), fetchOf(1, 1), fetchOf(2, 1));
    expect(batches).toEqual([[0, 2], [1]]);
  });

  it('has no more batches under way than it may', async () => {
    let [now, most] = [0, 0];
    const take = roundsOf(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await delay(1);
        now -= 1;
      },
      { isMixed: false },
    );
    await fetchAll(take, ...Array.from({ length: 7 }, (_, partition) => fetchOf(partition, 1)));
    expect(most).toBe(2);
  });

  it('ends a small round no sooner than others had time to gather, and handles it before', async () => {
    const handled = Promise.withResolvers<number>();
    const take = roundsOf(async () => handled.resolve(performance.now()), { gatherMs: 200 });
    const fromMs = performance.now();
    const over = take(fetchOf(0, 1));
    expect((await handled.promise) - fromMs).toBeLessThan(150);
    await over;
    expect(performance.now() - fromMs).toBeGreaterThan(198);
  });

  it('does not let a backlog wait, nor a stop', async () => {
    const stopping = new AbortController();
    const take = roundsOf(async () => undefined, { gatherMs: 60_000, stopping: stopping.signal });
    await fetchAll(take, fetchOf(0, 5), fetchOf(1, 5));
    const waiting = take(fetchOf(0, 1));
    stopping.abort();
    await waiting;
  });

  it('tells each of its partitions that a batch was given up, and goes on with the next fetch', async () => {
    let isDivided = true;
    const take = roundsOf(async () => {
      if (isDivided) throw new Error('rebalance');
    });
    const ends = await Promise.allSettled([fetchOf(0, 1), fetchOf(1, 1)].map(take));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isDivided = false;
    await take(fetchOf(0, 1));
  });
});
