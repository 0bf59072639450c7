import { describe, expect, it } from 'vitest';
import { createStock } from '../../reservation-core/stock.ts';
import { liveDrop, newId } from '../../test/fixtures/drop.ts';
import { silentLog, TEST_REGIONS, useShards } from '../../test/fixtures/shards.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { publishDemo } from './publish.ts';

const redis = useRedis();
const core = useShards(redis);

const NOBODY = 'redis://127.0.0.1:1';

const publish = (drop: ReturnType<typeof stored>, orders: boolean, asiaUrl = redis.url) =>
  publishDemo(drop, {
    redisUrl: redis.url,
    redisPrefix: redis.prefix,
    regionUrls: new Map(TEST_REGIONS.map((region) => [region, region === 'asia' ? asiaUrl : redis.url])),
    log: silentLog,
    hasOrders: async () => orders,
  });

const stored = () => ({ ...liveDrop(Date.now()), merchantId: newId() });
const availableOf = async (dropId: string) =>
  (await createStock(core).ledger(dropId, 'eu')).get('SNEAKER-42')?.available;

describe('publishing the demo drop', () => {
  it('gives its units out once, however often it is done', async () => {
    const drop = stored();
    expect(await publish(drop, false)).toBe('published');
    expect(await publish(drop, true)).toBe('there already');
    expect(await availableOf(drop.id)).toBe(6);
  });

  it('gives nothing out again where Redis has forgotten a drop that has orders', async () => {
    const drop = stored();
    expect(await publish(drop, true)).toBe('lost');
    expect(await availableOf(drop.id)).toBeUndefined();
  });

  it('opens no line while a region is gone, and leaves one alone that is open', async () => {
    const drop = stored();
    await expect(publish(drop, false, NOBODY)).rejects.toThrow('the Redis of asia cannot be reached');
    expect(await availableOf(drop.id)).toBeUndefined();
    expect(await publish(drop, false)).toBe('published');
    expect(await publish(drop, true, NOBODY)).toBe('there already');
  });
});
