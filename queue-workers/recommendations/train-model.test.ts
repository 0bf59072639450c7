import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { decodeScored, recommendationKeys } from '../../contracts/recommendations.ts';
import { forgetInRecommendations } from '../../db/queries/recommendations/forgotten.ts';
import { listModels } from '../../db/queries/recommendations/models.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { look, makeTastedShop, type TastedShop, writeOrders } from '../../test/fixtures/tasted-shop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { FromBeforeAll } from '../../test/servers/from-before-all.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import { createComputation } from './computation.ts';
import { forgetErased } from './forget.ts';
import { createModelStore, type ModelStore } from './model-store.ts';
import { TRAINING } from './settings.ts';
import { trainModel } from './train-model.ts';
import { isDue } from './trainer.ts';

const database = useDatabase();
const server = useRedisConnection();
const made = new FromBeforeAll<TastedShop>('the shop');
beforeAll(async () => made.set(await makeTastedShop(database.pool)));

const keys = () => recommendationKeys(server.redisPrefix);
const store = () => createModelStore(server.redis, keys());
const settings = { ...TRAINING, iterations: 4, als: { ...TRAINING.als, factors: 8 } };
const nextId = createIdSource(systemClock);
const never = new AbortController().signal;
/** One pool of threads for all trainings here: starting them takes longer than these trainings. */
const computation = createComputation(2);
afterAll(() => computation.close());
const createThreads = () => ({ ...computation, close: () => Promise.resolve() });

const options = (given: Partial<{ store: ModelStore }> = {}) => ({
  ...{ database: database.pool, store: store(), settings, nextId, clock: systemClock, log: silentLog, createThreads },
  ...given,
});
async function train(): Promise<string> {
  const trained = await trainModel(options(), never);
  if (trained.result !== 'served') throw new Error('there was nothing to learn from');
  return trained.version;
}
async function listAt(key: string): Promise<string[] | undefined> {
  const bytes = await server.redis.getBuffer(key);
  return bytes === null ? undefined : decodeScored(bytes)?.map(({ productId }) => productId);
}
/** How many of those shoppers have something of their own taste first. */
async function shareOfOwnTaste(version: string, taste: 0 | 1): Promise<number> {
  const { products, shoppers } = made.value;
  const own = new Set(products[taste]);
  const firsts = (shoppers[taste] ?? []).map(
    async (shopper) => (await listAt(keys().user(version, shopper)))?.[0] ?? '',
  );
  const right = (await Promise.all(firsts)).filter((first) => own.has(first));
  return right.length / firsts.length;
}
const models = () => listModels(database.pool, 20);
async function keysOf(version: string): Promise<string[]> {
  return (await server.redis.keys(`${server.redisPrefix}:*`)).filter((key) => key.includes(version));
}

describe('a training', () => {
  it('leaves lists that fit the shoppers and the products, and says that it is served', async () => {
    const version = await train();
    expect(await store().current()).toBe(version);
    const [model] = await models();
    expect(model).toMatchObject({ version, state: 'served', users: 60, products: 24, iteration: 4, failure: null });
    expect(model?.loss).toBeGreaterThan(0);
    expect(model?.peakBytes).toBeGreaterThan(1_000_000);

    // Everybody bought two of twelve things of one kind.
    expect(await shareOfOwnTaste(version, 0)).toBeGreaterThan(0.95);
    expect(await shareOfOwnTaste(version, 1)).toBeGreaterThan(0.95);
  });

  it('leaves lists of products that fit them', async () => {
    const { products, categories, all, shoppers } = made.value;
    const version = await train();
    const hat = products[0]?.[5] ?? '';
    const similar = (await listAt(keys().similar(version, hat))) ?? [];
    expect(similar.length).toBeGreaterThan(5);
    // Of the same category and color; hat 5 is green, as are 2, 8 and 11.
    expect(new Set(similar.slice(0, 3))).toEqual(new Set([2, 8, 11].map((at) => products[0]?.[at])));
    const together = (await listAt(keys().together(version, hat))) ?? [];
    expect(together.length).toBeGreaterThan(0);
    expect([products[0]?.[4], products[0]?.[6]]).toEqual(expect.arrayContaining(together));
    expect(await listAt(keys().popular(version))).toHaveLength(24);
    expect(await listAt(keys().popularIn(version, all))).toHaveLength(24);
    expect(new Set(await listAt(keys().popularIn(version, categories[1] ?? '')))).toEqual(new Set(products[1]));
    expect(JSON.parse((await server.redis.get(keys().settings(version))) ?? '{}')).toMatchObject({
      version,
      users: 60,
    });
    expect(await server.redis.ttl(keys().user(version, shoppers[0]?.[0] ?? ''))).toBeGreaterThan(86_400);
  });

  it('leaves out what was bought, keeps what was only looked at, and knows what is cancelled for nothing', async () => {
    const { products, shoppers } = made.value;
    const [shopper, liked] = [shoppers[0]?.[0] ?? '', products[0] ?? []];
    await writeOrders(database.pool, [
      { shopperId: shopper, productIds: liked.slice(0, 10) },
      { shopperId: shopper, productIds: liked.slice(10, 11), status: 'CANCELLED' },
    ]);
    await look(database.pool, shopper, liked[11]);
    const list = (await listAt(keys().user(await train(), shopper))) ?? [];
    expect(liked.slice(0, 10).filter((id) => list.includes(id))).toEqual([]);
    expect(list).toContain(liked[10]);
    expect(list).toContain(liked[11]);
  });

  it('keeps the model before it, and nothing of those before that', async () => {
    const first = await train();
    const second = await train();
    expect((await keysOf(first)).length).toBeGreaterThan(100);
    const third = await train();
    expect(await keysOf(first)).toEqual([]);
    expect((await keysOf(second)).length).toBeGreaterThan(100);
    expect(await store().current()).toBe(third);
    expect((await models()).slice(0, 3).map(({ state }) => state)).toEqual(['served', 'replaced', 'replaced']);
  });

  it('is seen whole or not at all by who reads meanwhile', async () => {
    const shopper = made.value.shoppers[1]?.[3] ?? '';
    let isTraining = true;
    const seen = new Set<string>();
    async function read(): Promise<number> {
      let reads = 0;
      while (isTraining) {
        const version = (await store().current()) ?? '';
        seen.add(version);
        const [user, popular] = [keys().user(version, shopper), keys().popular(version)];
        const [list, best, about] = await server.redis.mget(user, popular, keys().settings(version));
        expect([list, best, about]).not.toContain(null);
        reads += 1;
      }
      return reads;
    }
    const reading = read();
    const [first, second] = [await train(), await train()];
    isTraining = false;
    expect(await reading).toBeGreaterThan(20);
    expect(seen.has(first)).toBe(true);
    expect([...seen].every((version) => version !== '')).toBe(true);
    expect(await store().current()).toBe(second);
  });
});

describe('a training that ends in the middle', () => {
  it('leaves the model before it served, and the next one removes what it left', async () => {
    const before = await train();
    const real = store();
    let writes = 0;
    const breaking = {
      ...real,
      async write(version: string, lists: Parameters<ModelStore['write']>[1]) {
        writes += 1;
        if (writes === 2) throw new Error('the trainer is killed');
        await real.write(version, lists);
      },
    };
    await expect(trainModel(options({ store: breaking }), never)).rejects.toThrow('killed');
    expect(await real.current()).toBe(before);
    const [failed] = await models();
    expect(failed).toMatchObject({ state: 'failed', failure: 'the trainer is killed' });
    expect((await keysOf(failed?.version ?? '')).length).toBeGreaterThan(10);
    expect((await keysOf(before)).length).toBeGreaterThan(100);
    await train();
    expect(await keysOf(failed?.version ?? '')).toEqual([]);
  });

  it('is one too when its process loses the lead', async () => {
    const before = await train();
    const lost = new AbortController();
    const real = store();
    const losing = {
      ...real,
      async writePopular(...args: Parameters<ModelStore['writePopular']>) {
        lost.abort();
        await real.writePopular(...args);
      },
    };
    await expect(trainModel(options({ store: losing }), lost.signal)).rejects.toThrow('abort');
    expect(await real.current()).toBe(before);
  });

  it('that was killed without a word is written down as one by the next', async () => {
    await database.pool.query(
      `insert into recommendation_models (version, state, iterations, settings) values ($1, 'training', 3, '{}')`,
      [nextId()],
    );
    await train();
    const states = (await models()).map(({ state }) => state);
    expect(states.filter((state) => state === 'training')).toEqual([]);
    expect(states[0]).toBe('served');
  });
});

describe('somebody who is erased', () => {
  it('loses their lists, and is in no model after that', async () => {
    const shopper = made.value.shoppers[0]?.[7] ?? '';
    const version = await train();
    expect(await listAt(keys().user(version, shopper))).toBeDefined();
    await forgetInRecommendations(database.pool, shopper);
    await forgetInRecommendations(database.pool, shopper);
    expect(await forgetErased({ database: database.pool, store: store() })).toBe(1);
    expect(await forgetErased({ database: database.pool, store: store() })).toBe(0);
    expect(await listAt(keys().user(version, shopper))).toBeUndefined();
    expect(await listAt(keys().user(await train(), shopper))).toBeUndefined();
  });

  it('is not served by a training that had read them already', async () => {
    const shopper = made.value.shoppers[0]?.[8] ?? '';
    const real = store();
    const erasing = {
      ...real,
      async writePopular(...args: Parameters<ModelStore['writePopular']>) {
        await forgetInRecommendations(database.pool, shopper);
        await real.writePopular(...args);
      },
    };
    const trained = await trainModel(options({ store: erasing }), never);
    expect(trained.result).toBe('served');
    if (trained.result === 'served') expect(await listAt(keys().user(trained.version, shopper))).toBeUndefined();
  });
});

describe('when a model is due', () => {
  const due = (afterMs: number) =>
    isDue({ database: database.pool, store: store(), clock: { ...systemClock, now: () => Date.now() + afterMs } });
  const hours = (count: number) => count * 3_600_000;

  it('is after an hour with enough that is new, and after a day in any case', async () => {
    await train();
    expect(await due(0)).toBe(false);
    expect(await due(hours(1.1))).toBe(false);
    expect(await due(hours(25))).toBe(true);
    const { shoppers, products } = made.value;
    const productIds = (products[1] ?? []).slice(0, 1);
    await writeOrders(
      database.pool,
      (shoppers[1] ?? []).map((shopperId) => ({ shopperId, productIds })),
    );
    expect(await due(0)).toBe(false);
    expect(await due(hours(1.1))).toBe(true);
  });

  it('is when none is served, and a while after one that failed', async () => {
    await server.redis.del(keys().current);
    expect(await due(0)).toBe(true);
    await database.pool.query(
      `insert into recommendation_models (version, state, iterations, settings, failure, ended_at)
       values ($1, 'failed', 3, '{}', 'broken', now())`,
      [nextId()],
    );
    expect(await due(0)).toBe(false);
    expect(await due(hours(0.2))).toBe(true);
  });
});
