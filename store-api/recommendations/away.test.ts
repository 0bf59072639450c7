import { describe, expect, it } from 'vitest';
import { HYBRID_WEIGHTS } from '../../commerce/recommendations/hybrid.ts';
import { encodeScored, recommendationKeys } from '../../contracts/recommendations.ts';
import { indexChanges } from '../../db/queries/search/index-changes.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import { createCatalog } from '../caching/catalog.ts';
import { createIdeas } from './ideas.ts';
import { createKnown } from './known.ts';
import { createServed } from './served.ts';

const database = useDatabase();
const home = useRedisConnection();

let sold = 0;

type Fault = 'none' | 'silent' | 'lost' | 'failing';

/** A connection to the real one, which is as `fault.now` says. */
function faulty(fault: { now: Fault }): Redis {
  const never = () => new Promise(() => undefined);
  const fails = () => Promise.reject(new Error('the connection broke'));
  return new Proxy(home.redis, {
    get(redis, name) {
      if (name === 'status') return fault.now === 'lost' ? 'reconnecting' : redis.status;
      const value: unknown = Reflect.get(redis, name, redis);
      if (typeof value !== 'function') return value;
      if (fault.now === 'none') return value.bind(redis);
      return fault.now === 'silent' ? never : fails;
    },
  });
}

describe('while Redis is away', () => {
  it.each(['silent', 'lost', 'failing'] as const)(
    '(%s) there is at once what sells, and what was bought',
    async (how) => {
      const fault: { now: Fault } = { now: 'none' };
      sold += 10;
      const [popular, bought] = [await sell(database.pool), await sell(database.pool)];
      await database.pool.query('insert into product_signals (product_id, sold) values ($1, $3), ($2, $3 + 1)', [
        ...[popular.productId, bought.productId, sold],
      ]);
      while ((await indexChanges(database.pool, 100)) !== 0);
      const shopperId = newId();
      const orderId = newId();
      await database.pool.query(
        `insert into orders (id, source, shopper_id, currency, items_minor, total_minor, placed_at)
       values ($1, 'store', $2, 'EUR', 1000, 1000, now())`,
        [orderId, shopperId],
      );
      await database.pool.query(
        `insert into order_items (order_id, line, sku, title, quantity, unit_price_minor) values ($1, 1, $2, 'x', 1, 1000)`,
        [orderId, bought.sku],
      );
      const redisPrefix = `${home.redisPrefix}:${newId()}`;
      const keys = recommendationKeys(redisPrefix);
      await home.redis.set(keys.user('v', shopperId), encodeScored([{ productId: popular.productId, score: 1 }]));
      await home.redis.set(keys.current, 'v');
      const parts = { database: database.pool, redis: faulty(fault), redisPrefix, clock: systemClock, log: silentLog };
      const [known, ideas] = [createKnown(parts), createIdeas({ ...parts, catalog: createCatalog(parts) })];
      const answer = async () => {
        const served = await createServed(parts).now();
        const about = await known.of(shopperId, served.version);
        const given = { weights: HYBRID_WEIGHTS, cartProducts: [], product: undefined };
        return { version: served.version, ranking: await ideas.answer({ served, known: about, ...given }) };
      };

      const before = await answer();
      expect(before.version).toBe('v');
      expect(before.ranking.reasonOf(popular.productId).because).toBe('for-you');

      fault.now = how;
      const { version, ranking } = await answer();
      expect(version).toBeUndefined();
      expect(ranking.productIds[0]).toBe(popular.productId);
      expect(ranking.reasonOf(popular.productId)).toEqual({ because: 'popular', of: null });
      expect(ranking.productIds).not.toContain(bought.productId);
    },
  );
});
