import { describe, expect, it } from 'vitest';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { recommendationKeys } from '../../contracts/recommendations.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import type { Trend } from './sort-figures.ts';
import { createBounds, createTrends } from './trends.ts';

const home = useRedisConnection();
const HALF_LIFE = LIFETIMES.trendingHalfLifeMs;
const nowMs = 1_800_000_000_000;

function stage() {
  const parts = { redis: home.redis, redisPrefix: `${home.redisPrefix}:${newId()}` };
  const { trending } = recommendationKeys(parts.redisPrefix);
  return { ...parts, trends: createTrends(parts), trending, scores: () => home.redis.zrevrange(trending, 0, -1) };
}

const look = (productId: string, offset: number, atMs = nowMs): Trend => ({
  ...{ offset, atMs, shopperId: newId(), productId, kind: 'looked' },
});
const NOTHING = { paid: [], products: [] } as const;

describe('what trends', () => {
  it('is what was looked at, put into carts and bought lately: a look is worth half after a while', async () => {
    const { trends, scores, redis, trending } = stage();
    const old = Array.from({ length: 3 }, (_, at) => look('old', at, nowMs - 2 * HALF_LIFE));
    const bought = { offset: 9, atMs: nowMs, orderId: 'o' };
    const counted = await trends.count('p', {
      trends: [...old, look('new', 3), { ...look('added', 4), kind: 'added' }],
      ...{ paid: [bought], products: [{ orderId: 'o', shopperId: 's', productId: 'bought' }], nowMs },
    });
    expect(counted).toBe(6);
    // 6, 3, 1 and three times a quarter.
    expect(await scores()).toEqual(['bought', 'added', 'new', 'old']);
    const [fresh, faded] = [await redis.zscore(trending, 'new'), await redis.zscore(trending, 'old')];
    expect(Number(faded) / Number(fresh)).toBeCloseTo(0.75, 9);
  });

  it('is counted once, in whichever pieces a partition comes again', async () => {
    const { trends, trending, redis } = stage();
    const looks = Array.from({ length: 9 }, (_, at) => look('one', at));
    const count = async (from: number, to: number) =>
      await trends.count('p', { ...NOTHING, trends: looks.slice(from, to), nowMs });
    expect([await count(0, 4), await count(0, 4), await count(2, 7), await count(0, 9)]).toEqual([4, 0, 3, 2]);
    const others = [look('one', 0), look('one', 1)];
    expect(await trends.count('another partition', { ...NOTHING, trends: others, nowMs })).toBe(2);
    expect(Number(await redis.zscore(trending, 'one'))).toBe(11);
  });

  it('is counted from the beginning where the topic was made anew, and once even then', async () => {
    const { trends } = stage();
    const count = async (given: readonly Trend[], atMs: number) =>
      await trends.count('p', { ...NOTHING, trends: given, nowMs: atMs });
    const before = Array.from({ length: 9 }, (_, at) => look('one', 100 + at));
    expect(await count(before, nowMs)).toBe(9);
    const laterMs = nowMs + 3_600_000;
    const anew = Array.from({ length: 3 }, (_, at) => look('two', at, laterMs));
    expect([await count(anew, laterMs), await count(anew, laterMs + 1_000)]).toEqual([3, 0]);
  });

  it('does not grow beyond what a number holds, nor beyond its bound', async () => {
    const { trends, trending, redis, redisPrefix } = stage();
    await trends.count('p', { ...NOTHING, trends: [look('first', 0)], nowMs });
    const yearMs = nowMs + 365 * 24 * 3_600_000;
    await trends.count('p', { ...NOTHING, trends: [look('later', 1, yearMs)], nowMs: yearMs });
    const [first, later] = [await redis.zscore(trending, 'first'), await redis.zscore(trending, 'later')];
    expect([Number(first) < 1e-300, Number(later)]).toEqual([true, 1]);
    expect(await redis.pttl(trending)).toBeGreaterThan(0);
    expect(await redis.pttl(servingKeys(redisPrefix).trendingState)).toBeGreaterThan(0);
    const many = Array.from({ length: LIMITS.trendingProducts + 50 }, (_, at) => look(`p${at}`, at + 2, yearMs));
    await trends.count('p', { ...NOTHING, trends: many, nowMs: yearMs });
    expect(await redis.zcard(trending)).toBe(LIMITS.trendingProducts);
  });

  it('is not made by one shopper alone', () => {
    const { allow } = createBounds();
    const bot = (productId: string, atMs = nowMs) => allow({ shopperId: 'bot', productId, atMs });
    const times = (count: number, of: () => boolean) => Array.from({ length: count }, of).filter(Boolean).length;
    expect(times(100, () => bot('mine'))).toBe(LIMITS.trendsPerShopperAndProduct);
    let at = 0;
    expect(times(200, () => bot(`p${at++}`))).toBe(LIMITS.trendsPerShopper - 1);
    expect(bot('mine', nowMs + 3_600_000)).toBe(true);
  });
});
