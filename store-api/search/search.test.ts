import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { indexChanges } from '../../db/queries/search/index-changes.ts';
import { rebuildSearch } from '../../db/queries/search/rebuild.ts';
import { systemClock } from '../../platform/clock.ts';
import { createAccessTokens, type Role } from '../../platform/tokens/access-token.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { type MadeShop, makeShop } from '../../test/fixtures/searched-shop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import { createStore } from '../app.ts';
import type { StoreApp } from '../services.ts';
import type { SearchAnswer } from './engine.ts';

const database = useDatabase();
const home = useRedisConnection();
const tokens = createAccessTokens({ secret: 'a secret of at least 32 characters', clock: systemClock });
let store: StoreApp;
let shop: MadeShop;

beforeAll(async () => {
  shop = await makeShop(database.pool);
  await rebuildSearch(database.pool, { connections: 2 });
  store = await createStore({
    ...{ providers: { byName: () => undefined }, database: database.pool, redis: home.redis },
    ...{ redisPrefix: home.redisPrefix, accessTokens: tokens, nextId: createIdSource(systemClock), clock: systemClock },
    ...{ readiness: async () => ({ ready: true, checks: [] }), log: silentLog },
    // Two cores that run everybody's tests are no overload of this store.
    web: { overload: { eventLoopDelayMs: 600_000, heapBytes: 0 } },
  });
});
afterAll(() => store.close());

const bearer = async (role: Role, userId = newId()) => ({
  authorization: `Bearer ${(await tokens.issue({ userId, kind: 'user', role })).accessToken}`,
});

async function search(query: string, headers = {}): Promise<SearchAnswer & { nextCursor: string | null }> {
  const answer = await store.inject({ method: 'GET', url: `/api/v1/search/products?${query}`, headers });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}
const titles = async (query: string) => (await search(query)).items.map(({ title }) => title);

describe('searching products', () => {
  it('finds by all words, whatever their form and accents, the title first', async () => {
    expect(await titles('q=oak%20LAMPS')).toEqual(['Oak desk lamp']);
    expect(await titles('q=cafetiere')).toEqual(['Cafetière rouge']);
    expect((await titles('q=lamp'))[0]).toMatch(/lamp/i);
    expect((await titles('q=lamp')).at(-1)).toBe('Grey armchair');
  });

  it('puts what is in stock first, and of equals the one that is liked better', async () => {
    const found = (await search('q=mug')).items;
    expect(found.map(({ title }) => title)).toEqual(['Sand mug', 'Indigo mug', 'Gone mug']);
    expect(found.at(-1)?.inStock).toBe(false);
  });

  it('marks the words that matched, and lets no markup of a title through', async () => {
    const [found] = (await search('q=sharp%20scissors')).items;
    expect(found?.highlights.title).toBe('<mark>Sharp</mark> &lt;b&gt;<mark>scissors</mark>&lt;/b&gt;');
    expect((await search('q=lamp')).items.at(-1)?.highlights.description).toContain('<mark>lamp</mark>');
  });

  it('narrows by category with what is below it, brand, price, rating, stock, attribute and tag', async () => {
    expect(await titles(`category=${shop.home}&q=mug`)).toHaveLength(3);
    expect(await titles(`category=${shop.lamps}`)).toEqual(
      expect.arrayContaining(['Oak desk lamp', 'Steel floor lamp']),
    );
    expect(await titles(`category=${shop.lamps}`)).toHaveLength(2);
    expect(await titles(`brand=${shop.brand}&q=lamp`)).toEqual(['Oak desk lamp']);
    expect(await titles('q=lamp&priceMin=5000&priceMax=6000')).toEqual(['Steel floor lamp']);
    expect(await titles('priceMin=6001&priceMax=9999')).toEqual([]);
    expect(await titles('q=mug&ratingMin=4')).toEqual(['Sand mug']);
    expect(await titles('q=mug&inStock=false')).toEqual(['Gone mug']);
    expect(await titles('attribute=color%3Dsand&attribute=color%3Dindigo&q=mug')).toEqual(['Sand mug', 'Indigo mug']);
    expect(await titles('attribute=color%3Dsand&attribute=size%3DL')).toEqual([]);
    expect(await titles('tag=handmade&q=mug')).toEqual(['Sand mug']);
  });

  it('sorts by price, rating, age and popularity, and pages without a gap', async () => {
    expect(await titles('q=mug&sort=price_asc')).toEqual(['Indigo mug', 'Sand mug', 'Gone mug']);
    expect(await titles('q=mug&sort=price_desc')).toEqual(['Gone mug', 'Sand mug', 'Indigo mug']);
    expect((await titles('q=mug&sort=rating'))[0]).toBe('Sand mug');
    expect((await titles('q=mug&sort=newest'))[0]).toBe('Gone mug');
    expect((await titles('q=mug&sort=popularity'))[0]).toBe('Sand mug');
    const all = await titles('sort=price_asc&limit=100');
    const paged: string[] = [];
    for (let cursor: string | null = '0'; cursor !== null; ) {
      const page = await search(`sort=price_asc&limit=3&cursor=${cursor}`);
      paged.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
    expect(new Set(all).size).toBe(shop.products);
  });

  it('counts what there is in each facet', async () => {
    const { facets, total, approximate } = await search('q=mug');
    expect([total, approximate]).toEqual([3, false]);
    expect(facets?.categories).toEqual([{ value: shop.kitchen, name: 'Kitchen', count: 3 }]);
    expect(facets?.availability).toEqual({ inStock: 2, outOfStock: 1 });
    expect(facets?.prices.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(facets?.ratings.find(({ atLeast }) => atLeast === 4)?.count).toBe(1);
    const colors = facets?.attributes.find(({ name }) => name === 'color')?.values;
    expect(colors).toEqual(expect.arrayContaining([{ value: 'color=sand', name: 'sand', count: 1 }]));
    expect((await search('q=mug&facets=false')).facets).toBeNull();
  });

  it('says what was meant, and looks for it where the typed word finds nothing', async () => {
    const typo = await search('q=lmap%20oak');
    expect(typo).toMatchObject({ didYouMean: 'lamp oak', searchedFor: 'lamp oak', matched: 'all' });
    expect(typo.items.map(({ title }) => title)).toEqual(['Oak desk lamp']);
    expect((await search('q=scisors')).searchedFor).toBe('scissors');
    const some = await search('q=oak%20lamp%20indigo');
    expect(some).toMatchObject({ matched: 'most', didYouMean: null });
    expect(some.items[0]?.title).toBe('Oak desk lamp');
    expect(await search('q=xylophonist')).toMatchObject({ items: [], total: 0, didYouMean: null });
  });

  it('takes hostile queries for words', async () => {
    for (const q of [
      "'",
      "a'b & !c | (d <-> e):*",
      '\\',
      '%',
      "=s' | '=*",
      'the of and',
      '\u0000',
      '💡',
      '"'.repeat(200),
    ]) {
      const answer = await store.inject({ method: 'GET', url: `/api/v1/search/products?q=${encodeURIComponent(q)}` });
      expect([200, 400], q).toContain(answer.statusCode);
      const half = await store.inject({ method: 'GET', url: `/api/v1/search/suggest?q=${encodeURIComponent(q)}` });
      expect([200, 400], q).toContain(half.statusCode);
    }
    for (const bad of [
      'priceMin=-1',
      'limit=1000',
      'sort=best',
      'category=1',
      'cursor=99999',
      'attribute=x',
      'nope=1',
    ]) {
      const answer = await store.inject({ method: 'GET', url: `/api/v1/search/products?${bad}` });
      expect(answer.json().code, bad).toBe('INVALID');
    }
  });
});

describe('suggestions', () => {
  const suggest = async (q: string) =>
    (await store.inject({ method: 'GET', url: `/api/v1/search/suggest?q=${encodeURIComponent(q)}` })).json();

  it('complete the last word, and know categories, brands and products', async () => {
    expect(await suggest('oak la')).toMatchObject({
      queries: ['oak lamp'],
      products: [{ title: 'Oak desk lamp' }],
    });
    expect((await suggest('lam')).categories).toEqual([{ id: shop.lamps, name: 'Lamps' }]);
    expect((await suggest('har')).brands).toEqual([{ id: shop.brand, name: 'Harbour' }]);
    expect(await suggest(' ')).toEqual({ queries: [], categories: [], brands: [], products: [] });
  });
});

describe('synonyms', () => {
  it('are for admins, work at once, and go', async () => {
    const adminId = newId();
    await database.pool.query(`insert into users (id, role) values ($1, 'admin')`, [adminId]);
    const ask = async (method: 'POST' | 'PUT' | 'DELETE' | 'GET', path: string, body?: object, role: Role = 'admin') =>
      await store.inject({
        ...{ method, url: `/api/v1/search/synonyms${path}`, headers: await bearer(role, adminId) },
        ...(body === undefined ? {} : { payload: body }),
      });
    expect((await ask('POST', '', { terms: ['cup', 'mug'] }, 'shopper')).statusCode).toBe(403);
    expect((await ask('POST', '', { terms: ['Mug', 'mug '] })).statusCode).toBe(400);
    expect(await titles('q=beaker')).toEqual([]);
    const made = await ask('POST', '', { terms: ['Beaker', 'mug', 'reading light'] });
    expect(made.json()).toMatchObject({ terms: ['beaker', 'mug', 'reading light'] });
    expect(await titles('q=beaker')).toHaveLength(3);
    expect(await titles('q=indigo%20reading%20light')).toEqual(['Indigo mug']);
    const { id } = made.json();
    expect((await ask('PUT', `/${id}`, { terms: ['beaker', 'lamp'] })).json().terms).toEqual(['beaker', 'lamp']);
    expect((await titles('q=beaker'))[0]).toContain('lamp');
    expect((await ask('GET', '')).json()).toMatchObject({ items: [{ id }], nextCursor: null });
    expect((await ask('DELETE', `/${id}`)).statusCode).toBe(204);
    expect((await ask('DELETE', `/${id}`)).statusCode).toBe(404);
    expect(await titles('q=beaker')).toEqual([]);
  });
});

describe('what a shopper likes', () => {
  it('comes a little earlier for them, and for nobody else', async () => {
    const userId = newId();
    await database.pool.query(`insert into users (id, email) values ($1, 'liker@example.test')`, [userId]);
    const headers = await bearer('shopper', userId);
    const order = async (of = {}) => (await search('q=tumbler', of)).items.map(({ title }) => title);
    expect(await order()).toEqual(['First tumbler', 'Second tumbler']);
    const told = await store.inject({
      ...{ method: 'POST', url: '/api/v1/search/views', headers, payload: { productId: shop.secondTumbler } },
    });
    expect(told.statusCode).toBe(204);
    expect(await order(headers)).toEqual(['Second tumbler', 'First tumbler']);
    expect(await order({ authorization: 'Bearer a.b.c' })).toEqual(['First tumbler', 'Second tumbler']);
  });
});

describe('the index', () => {
  it('follows every change of a product, its variants, stock, brand and category', async () => {
    const settle = async () => {
      while ((await indexChanges(database.pool, 100)) !== 0);
    };
    const change = async (sql: string, ...values: unknown[]) => {
      await database.pool.query(sql, values);
      await settle();
    };
    await change(`update products set title = 'Velvet pouffe' where id = $1`, shop.changing);
    expect(await titles('q=pouffe')).toEqual(['Velvet pouffe']);
    await change(`update variants set price_minor = 123456 where product_id = $1`, shop.changing);
    expect((await search('q=pouffe')).items[0]?.price).toBe(123_456);
    await change(`update inventory set reserved = on_hand where sku = $1`, shop.changingSku);
    expect((await search('q=pouffe')).items[0]?.inStock).toBe(false);
    await change(`update inventory set reserved = 0 where sku = $1`, shop.changingSku);
    expect((await search('q=pouffe')).items[0]?.inStock).toBe(true);
    await change(`update brands set name = 'Quayside' where id = $1`, shop.brand);
    expect(await titles('q=quayside%20desk')).toEqual(['Oak desk lamp']);
    await change(`update categories set parent_id = $2 where id = $1`, shop.lamps, shop.kitchen);
    expect(await titles(`category=${shop.kitchen}&q=lamp`)).toHaveLength(2);
    expect((await search('q=poufe')).searchedFor).toBe('pouffe');
    await change(`update products set status = 'archived' where id = $1`, shop.changing);
    expect(await titles('q=pouffe')).toEqual([]);
  });

  it('loses no change of a round that failed', async () => {
    await database.pool.query(`update products set title = 'Brass zither' where id = $1`, [shop.secondTumbler]);
    await database.pool.query('alter function search_index(uuid[]) rename to search_index_away');
    await expect(indexChanges(database.pool, 100)).rejects.toThrow('search_index');
    await database.pool.query('alter function search_index_away(uuid[]) rename to search_index');
    expect(await titles('q=zither')).toEqual([]);
    expect(await indexChanges(database.pool, 100)).toBeGreaterThan(0);
    expect(await titles('q=zither')).toEqual(['Brass zither']);
  });
});
