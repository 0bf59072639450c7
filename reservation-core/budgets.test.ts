import { describe, expect, it } from 'vitest';
import { useShards } from '../test/fixtures/shards.ts';
import { useRedis } from '../test/servers/redis.ts';
import { type Budgets, createBudgets, type Draw } from './budgets.ts';

const redis = useRedis();
const core = useShards(redis);
const SIZE = { capacity: 5, refillPerSecond: 2 };
const T0 = 1_800_000_000_000;

function at(nowMs: () => number): Budgets {
  return createBudgets({ shards: core.shards, keys: core.keys, clock: { now: nowMs } });
}
const draw = (who: string, cost = 1): Draw => ({ of: 'address', who, cost, ...SIZE });

describe('a budget over all edges', () => {
  it('gives what it has, refuses without charging, and fills up with time', async () => {
    let now = T0;
    const budgets = at(() => now);
    expect(await budgets.take(draw('a', 3))).toEqual({ reply: 'TAKEN', used: 3 });
    expect(await budgets.take(draw('a', 2))).toEqual({ reply: 'TAKEN', used: 5 });
    expect(await budgets.take(draw('a', 2))).toEqual({ reply: 'EMPTY', used: 5, retryAfterMs: 1_000 });
    now += 999;
    expect(await budgets.take(draw('a', 2))).toMatchObject({ reply: 'EMPTY', retryAfterMs: 1 });
    now += 1;
    expect(await budgets.take(draw('a', 2))).toEqual({ reply: 'TAKEN', used: 5 });
    expect(await budgets.take(draw('b'))).toEqual({ reply: 'TAKEN', used: 1 });
    expect(await budgets.take({ ...draw('a'), of: 'account' })).toEqual({ reply: 'TAKEN', used: 1 });
  });

  it('is one budget for all who draw at once', async () => {
    const edges = [at(() => T0), at(() => T0), at(() => T0)];
    const replies = await Promise.all(Array.from({ length: 30 }, (_, index) => edges[index % 3]?.take(draw('crowd'))));
    expect(replies.filter((reply) => reply?.reply === 'TAKEN')).toHaveLength(SIZE.capacity);
  });

  it('is no key any more once it is full', async () => {
    await at(() => T0).take(draw('brief', 3));
    const leftMs = await core.shards.home.redis.pttl(core.keys.budget('address', 'brief'));
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(1_500);
  });
});

describe('a proof', () => {
  it('is spent once, at whichever edge', async () => {
    const [one, two] = [at(() => T0), at(() => T0)];
    expect(await Promise.all([one.spend('p', 60_000), two.spend('p', 60_000)])).toContain(false);
    expect(await one.spend('p', 60_000)).toBe(false);
    expect(await two.spend('q', 60_000)).toBe(true);
    expect(await core.shards.home.redis.pttl(core.keys.spentProof('q'))).toBeGreaterThan(0);
  });
});
