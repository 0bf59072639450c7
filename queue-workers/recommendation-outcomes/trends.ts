/**
 * What trends: in Redis, by lua/recommend/trend. One shopper counts for so much and no more, as one who looks a thousand
 * times is no shopper; how much somebody has counted for is remembered by this process only.
 */
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { recommendationKeys } from '../../contracts/recommendations.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import type { OrderProduct } from '../../db/queries/experiments/attribute-orders.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import { recommendTrend } from '../../reservation-core/generated/recommend-trend.ts';
import { createScriptRunner } from '../../reservation-core/script-runner.ts';
import type { Paid, Trend } from './sort-figures.ts';

const WEIGHTS = { looked: 1, added: 3, bought: 6 } as const;
const HOUR_MS = 3_600_000;

export interface TrendsOptions {
  readonly redis: Redis;
  readonly redisPrefix: string;
}

export interface Trends {
  /** Of one partition, in its order. Says how many were counted. */
  count(partition: string, batch: TrendBatch): Promise<number>;
  /** What a shopper bought is in their history: it is read anew. */
  forgetHistories(shopperIds: readonly string[]): Promise<void>;
}

export interface TrendBatch {
  readonly trends: readonly Trend[];
  readonly paid: readonly Paid[];
  readonly products: readonly OrderProduct[];
  readonly nowMs: number;
}

export function createTrends({ redis, redisPrefix }: TrendsOptions): Trends {
  const scripts = createScriptRunner(redis);
  const trending = recommendationKeys(redisPrefix).trending;
  const { trendingState: state, history } = servingKeys(redisPrefix);
  const bounds = createBounds();
  return {
    async count(partition, { trends, paid, products, nowMs }) {
      const bought = paid.flatMap(({ offset, atMs, orderId }) =>
        products
          .filter((product) => product.orderId === orderId)
          .map(({ productId }) => ({ offset, productId, weight: WEIGHTS.bought, atMs })),
      );
      const looked = trends
        .filter((trend) => bounds.allow(trend))
        .map(({ offset, productId, kind, atMs }) => ({ offset, productId, weight: WEIGHTS[kind], atMs }));
      const rows = [...looked, ...bought].toSorted((one, other) => one.offset - other.offset);
      if (rows.length === 0) return 0;
      const answer = await recommendTrend(
        scripts,
        { trending, state },
        {
          ...{ partition, nowMs, halfLifeMs: LIFETIMES.trendingHalfLifeMs },
          ...{ most: LIMITS.trendingProducts, keptMs: LIFETIMES.trendingMs },
        },
        rows,
      );
      return answer.rows;
    },
    async forgetHistories(shopperIds) {
      if (shopperIds.length > 0) await redis.del(...shopperIds.map(history));
    },
  };
}

/** By shopper and hour. Who was forgotten, as there were too many others, begins anew. */
export function createBounds() {
  const hours = new Map<string, Map<string, number>>();
  return {
    allow({ shopperId, productId, atMs }: Pick<Trend, 'shopperId' | 'productId' | 'atMs'>): boolean {
      const name = `${shopperId} ${Math.floor(atMs / HOUR_MS)}`;
      const products = hours.get(name) ?? new Map<string, number>();
      hours.delete(name);
      hours.set(name, products);
      const [oldest] = hours.keys();
      if (hours.size > LIMITS.trendingShoppersRemembered && oldest !== undefined) hours.delete(oldest);
      const times = products.get(productId) ?? 0;
      const isKnown = times > 0;
      if (times >= LIMITS.trendsPerShopperAndProduct) return false;
      if (!isKnown && products.size >= LIMITS.trendsPerShopper) return false;
      products.set(productId, times + 1);
      return true;
    },
  };
}
