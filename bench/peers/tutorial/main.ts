/**
 * As most tutorials build a flash sale: a counter in Redis that a small script checks and decrements in one step, then
 * the order is inserted into PostgreSQL within the request. The two writes are not one: who dies between them has taken a
 * unit that nobody gets. A failed insert gives its unit back, as the better tutorials do.
 */
import { Redis, type Result } from 'ioredis';
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { ORDERS, servePeer } from '../serve-peer.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeUnit(key: string): Result<number, Context>;
  }
}

const TAKE = `
local left = tonumber(redis.call('GET', KEYS[1]) or '0')
if left <= 0 then return -1 end
return redis.call('DECR', KEYS[1])`;

servePeer(async ({ database, redisUrl }) => {
  if (redisUrl === null) throw new Error('This one counts in Redis.');
  const redis = new Redis(redisUrl, { enableAutoPipelining: true });
  redis.defineCommand('takeUnit', { numberOfKeys: 1, lua: TAKE });
  await database.query(ORDERS);
  const nextId = createIdSource(systemClock);
  const keyOf = (sku: string): string => `stock:${sku}`;
  return {
    async stock(sku, units) {
      await redis.set(keyOf(sku), units);
    },
    async claim(sku, shopper) {
      if ((await redis.takeUnit(keyOf(sku))) < 0) return undefined;
      const id = nextId();
      try {
        await database.query({
          name: 'order',
          text: 'insert into orders (id, sku, shopper_id) values ($1, $2, $3)',
          values: [id, sku, shopper],
        });
      } catch (error) {
        await redis.incr(keyOf(sku));
        throw error;
      }
      return id;
    },
    left: async (sku) => Number(await redis.get(keyOf(sku))),
  };
});
