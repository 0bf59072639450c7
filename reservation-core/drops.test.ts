import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DropDefinition } from '../contracts/drop.ts';
import { liveDrop } from '../test/fixtures/drop.ts';
import { silentLog } from '../test/fixtures/shards.ts';
import { eventually } from '../test/servers/eventually.ts';
import { useOwnRedis } from '../test/servers/own-redis.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createDrops, type Drops } from './drops.ts';
import { createKeys } from './keys.ts';
import { connectShards, type Shards } from './shards.ts';
import { createStock } from './stock.ts';

const SKU = 'SNEAKER-42';
const home = useRedis();
/** Where asia lives. */
const away = useOwnRedis();
const keys = createKeys(home.prefix);
let shards: Shards;
let drops: Drops;

beforeAll(async () => {
  const regionUrls = new Map([
    ['asia', away.url],
    ['eu', home.url],
  ]);
  shards = await connectShards({ homeUrl: home.url, regionUrls, name: 'test', log: silentLog });
  drops = createDrops({ shards, keys });
});
afterAll(() => shards.close());

async function asiaIs(status: 'gone' | 'there'): Promise<void> {
  await (status === 'gone' ? away.kill() : away.restart());
  await eventually(() => (shards.missing().length === 0) === (status === 'there'), { withinMs: 20_000 });
}

const stateIn = (dropId: string, region: string) =>
  shards.region(region)?.redis.hget(keys.stock(dropId, region).terms, 'state');
const inAsia = { code: 'UNAVAILABLE', retryable: true, message: expect.stringMatching(/published in asia\./) };

describe('while the Redis of a region is gone', () => {
  let drop: DropDefinition;
  beforeEach(async () => {
    drop = liveDrop(Date.now());
  });

  it('a drop can be paused: the others and the home have it, and doing it again finishes it', async () => {
    await drops.publish(drop);
    await asiaIs('gone');
    const paused: DropDefinition = { ...drop, revision: 2, state: 'paused' };
    await expect(drops.publish(paused)).rejects.toMatchObject(inAsia);
    expect(await drops.find(drop.id)).toMatchObject({ state: 'paused', revision: 2 });
    expect(await stateIn(drop.id, 'eu')).toBe('paused');

    await asiaIs('there');
    expect(await stateIn(drop.id, 'asia')).toBe('scheduled');
    expect(await drops.publish(paused)).toEqual({ reply: 'SAME' });
    expect(await stateIn(drop.id, 'asia')).toBe('paused');
  });

  it('a drop that is new there lets nobody in, and has all its units when it is published again', async () => {
    await asiaIs('gone');
    await expect(drops.publish(drop)).rejects.toMatchObject(inAsia);
    expect(await drops.find(drop.id)).toBeUndefined();

    await asiaIs('there');
    expect(await drops.publish(drop)).toEqual({ reply: 'PUBLISHED' });
    const stock = createStock({ shards, keys });
    expect((await stock.ledger(drop.id, 'asia')).get(SKU)?.available).toBe(4);
    expect((await stock.ledger(drop.id, 'eu')).get(SKU)?.available).toBe(6);
  });
});
