import { afterAll, beforeAll } from 'vitest';
import { closeRedis, connectRedis, type Redis } from '../../platform/connections/redis.ts';
import { silentLog } from '../fixtures/shards.ts';
import { FromBeforeAll } from './from-before-all.ts';
import { useRedis } from './redis.ts';

/** A connection to the Redis of the run, as services that want `redis` and `redisPrefix` take them. */
export function useRedisConnection(): { readonly redis: Redis; readonly redisPrefix: string } {
  const server = useRedis();
  const connection = new FromBeforeAll<Redis>('the connection to Redis');
  beforeAll(async () => connection.set(await connectRedis({ url: server.url, name: 'test', log: silentLog })));
  afterAll(async () => {
    const made = connection.valueIfThere;
    if (made !== undefined) await closeRedis(made);
  });
  return {
    get redis() {
      return connection.value;
    },
    redisPrefix: server.prefix,
  };
}
