import { describe, expect, it } from 'vitest';
import type { Draw } from '../../reservation-core/budgets.ts';
import type { DefenceTakeReply } from '../../reservation-core/generated/defence-take.ts';
import { createSharedBuckets } from './shared-buckets.ts';

const SIZE = { capacity: 30, refillPerSecond: 1, small: 2 };

/** Redis as the test wants it: what others have used already, and how it answers. */
function make(options: { usedElsewhere?: number; answer?: () => Promise<DefenceTakeReply> } = {}) {
  let used = options.usedElsewhere ?? 0;
  const draws: number[] = [];
  const failures: unknown[] = [];
  const clock = { nowMs: 1_000_000, now: () => clock.nowMs };
  const inRedis = async ({ cost }: Draw): Promise<DefenceTakeReply> => {
    if (used + cost > SIZE.capacity) return { reply: 'EMPTY', used, retryAfterMs: 1_000 };
    used += cost;
    return { reply: 'TAKEN', used };
  };
  const buckets = createSharedBuckets({
    of: 'account',
    size: SIZE,
    clock,
    onFailed: (error) => failures.push(error),
    budgets: {
      take(draw) {
        draws.push(draw.cost);
        return options.answer?.() ?? inRedis(draw);
      },
    },
  });
  const takeMany = (count: number) => Promise.all(Array.from({ length: count }, () => buckets.take('who', 1)));
  return { buckets, takeMany, draws, failures, clock };
}

describe('a bucket over all edges', () => {
  it('costs Redis nothing for those who come once or twice', async () => {
    const { takeMany, draws, clock, buckets } = make();
    expect((await takeMany(2)).every(({ ok }) => ok)).toBe(true);
    clock.nowMs += 1_500;
    expect((await buckets.take('who', 1)).ok).toBe(true);
    expect(draws).toEqual([]);
    await takeMany(2);
    expect(draws[0]).toBeGreaterThan(0);
  });

  it('tells Redis of all of a burst, in parts, and lets nobody in who is not told of', async () => {
    const { takeMany, draws } = make();
    const answers = await takeMany(25);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(draws.reduce((sum, cost) => sum + cost, 0)).toBeGreaterThanOrEqual(25 - SIZE.small);
    expect(Math.max(...draws)).toBeLessThanOrEqual(5 * SIZE.small);
  });

  it('lets in no more than its small change once others have used it up, and then asks no more', async () => {
    const { takeMany, buckets, draws } = make({ usedElsewhere: SIZE.capacity });
    const answers = await takeMany(25);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(SIZE.small);
    const asked = draws.length;
    expect(await buckets.take('who', 1)).toMatchObject({ ok: false });
    expect(draws).toHaveLength(asked);
  });

  it('counts alone when Redis fails, and leaves it in peace for a while', async () => {
    const { takeMany, draws, failures, clock } = make({ answer: () => Promise.reject(new Error('gone')) });
    expect((await takeMany(SIZE.capacity + 5)).filter(({ ok }) => ok)).toHaveLength(SIZE.capacity);
    expect([draws.length, failures.length]).toEqual([1, 1]);
    clock.nowMs += 10_000;
    await takeMany(1);
    expect(draws).toHaveLength(2);
  });

  it('does not wait for a Redis that says nothing', async () => {
    const { takeMany, failures } = make({ answer: () => new Promise(() => undefined) });
    expect((await takeMany(10)).every(({ ok }) => ok)).toBe(true);
    expect(failures).toHaveLength(1);
  });
});
