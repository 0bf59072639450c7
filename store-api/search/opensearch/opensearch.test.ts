/** Without a real engine: what it is sent, and that PostgreSQL searches while it is away. The contract is in engines.test.ts. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { indexChanges } from '../../../db/queries/search/index-changes.ts';
import { rebuildSearch } from '../../../db/queries/search/rebuild.ts';
import { type MadeShop, makeShop } from '../../../test/fixtures/searched-shop.ts';
import { useDatabase } from '../../../test/servers/database.ts';
import type { SearchRequest } from '../engine.ts';
import { createPostgresEngine } from '../postgres/engine.ts';
import { createOpenSearchClient } from './client.ts';
import { createOpenSearchEngine } from './engine.ts';
import { createProductsIndex } from './products-index.ts';

interface Call {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

const database = useDatabase();
const calls: Call[] = [];
let answer: { status: number; body: object };
let server: Server;
let url: string;
let shop: MadeShop;

beforeAll(async () => {
  shop = await makeShop(database.pool);
  await rebuildSearch(database.pool, { connections: 1 });
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ path: `${request.method} ${request.url}`, authorization: request.headers.authorization, body });
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  url = `http://me:s%40fe@127.0.0.1:${(address satisfies AddressInfo).port}/`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  calls.length = 0;
});

const request: SearchRequest = {
  ...{ text: 'mug', sort: 'relevance', offset: 0, limit: 20, nowMs: Date.now(), withFacets: false },
  filters: { categoryIds: [], brandIds: [], attributes: [], tags: [], inStock: true },
  liked: { categories: [], brands: [] },
};
const engine = (onAway: (error: unknown) => void = () => undefined) =>
  createOpenSearchEngine({
    ...{ client: createOpenSearchClient(url), index: 'products', database: database.pool, onAway },
    postgres: createPostgresEngine(database.pool),
  });

describe('the engine that asks OpenSearch', () => {
  it('asks for the words with the filters, and shows the hits in their order', async () => {
    answer = { status: 200, body: { hits: { total: { value: 1 }, hits: [{ _id: shop.secondTumbler }] } } };
    const found = await engine().search(request);
    expect(found.items.map(({ title }) => title)).toEqual(['Second tumbler']);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      path: 'POST /products/_search',
      authorization: `Basic ${Buffer.from('me:s@fe').toString('base64')}`,
    });
    const { bool } = JSON.parse(calls[0]?.body ?? '').query.function_score.query;
    expect(bool.filter).toEqual([{ term: { inStock: true } }]);
    expect(bool.minimum_should_match).toBe(1);
  });

  it.each([
    ['fails', 500, {}],
    ['answers something else', 200, { hello: 'world' }],
  ])('leaves it to PostgreSQL while it %s', async (_how, status, body) => {
    answer = { status, body };
    const told: unknown[] = [];
    const found = await engine((error) => told.push(error)).search(request);
    expect(found.items.map(({ title }) => title)).toEqual(['Sand mug', 'Indigo mug']);
    expect(told).toHaveLength(1);
  });

  it('follows changes, and keeps them in the queue while it takes none', async () => {
    const { follow } = createProductsIndex(createOpenSearchClient(url), 'products');
    await database.pool.query('delete from search_changes');
    await database.pool.query(`update products set title = 'Tall stool' where id = $1`, [shop.changing]);
    answer = { status: 503, body: {} };
    await expect(indexChanges(database.pool, 10, follow)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const stool = { ...request, text: 'stool' };
    expect((await createPostgresEngine(database.pool).search(stool)).items).toHaveLength(1);
    answer = { status: 200, body: { errors: false } };
    calls.length = 0;
    expect(await indexChanges(database.pool, 10, follow)).toBe(1);
    const [action, document] = (calls[0]?.body ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    expect(action).toEqual({ index: { _id: shop.changing } });
    expect(document).toMatchObject({ title: 'Tall stool', categories: ['Home'], priceMinor: 10_000, inStock: true });
    await database.pool.query(`update products set status = 'archived' where id = $1`, [shop.changing]);
    calls.length = 0;
    await indexChanges(database.pool, 10, follow);
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({ delete: { _id: shop.changing } });
    expect(await indexChanges(database.pool, 10, follow)).toBe(0);
  });
});
