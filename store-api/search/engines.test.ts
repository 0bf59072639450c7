/**
 * What every engine has to do. PostgreSQL is always tried; OpenSearch or Elasticsearch too where SEARCH_TEST_URL names one
 * whose indexes may be made and removed.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildSearch } from '../../db/queries/search/rebuild.ts';
import { insertSynonym } from '../../db/queries/search/synonyms.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { type MadeShop, makeShop } from '../../test/fixtures/searched-shop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import type { SearchEngine, SearchRequest } from './engine.ts';
import { createOpenSearchClient } from './opensearch/client.ts';
import { createOpenSearchEngine } from './opensearch/engine.ts';
import { createProductsIndex } from './opensearch/products-index.ts';
import { createPostgresEngine } from './postgres/engine.ts';

const database = useDatabase();
const otherUrl = process.env.SEARCH_TEST_URL ?? '';
const indexName = `dropgate-test-${randomUUID()}`;
const engines = otherUrl === '' ? ['postgres'] : ['postgres', 'opensearch'];
let shop: MadeShop;

beforeAll(async () => {
  shop = await makeShop(database.pool);
  await insertSynonym(database.pool, newId(), ['beaker', 'mug']);
  await rebuildSearch(database.pool, { connections: 1 });
  if (otherUrl === '') return;
  const index = createProductsIndex(createOpenSearchClient(otherUrl), indexName);
  await index.make();
  await index.fill(database.pool);
});
afterAll(async () => {
  if (otherUrl !== '') await createOpenSearchClient(otherUrl).call('DELETE', `/${indexName}`);
});

function engineOf(name: string): SearchEngine {
  const postgres = createPostgresEngine(database.pool);
  if (name === 'postgres') return postgres;
  const client = createOpenSearchClient(otherUrl);
  const rethrow = (error: unknown) => {
    throw error;
  };
  return createOpenSearchEngine({ client, index: indexName, database: database.pool, postgres, onAway: rethrow });
}

const filters = { categoryIds: [], brandIds: [], attributes: [], tags: [] };
const everything: SearchRequest = {
  ...{ text: '', filters, sort: 'relevance', offset: 0, limit: 20, nowMs: Date.now(), withFacets: true },
  liked: { categories: [], brands: [] },
};

describe.each(engines)('the engine %s (opensearch runs where SEARCH_TEST_URL is set)', (name) => {
  const search = async (changes: Partial<SearchRequest>) => await engineOf(name).search({ ...everything, ...changes });
  const titles = async (changes: Partial<SearchRequest>) => (await search(changes)).items.map(({ title }) => title);

  it('finds by words in any form, by synonyms, and everything', async () => {
    expect(await titles({ text: 'oak lamps' })).toEqual(['Oak desk lamp']);
    expect(await titles({ text: 'CAFETIERE' })).toEqual(['Cafetière rouge']);
    expect(await titles({ text: 'indigo beaker' })).toEqual(['Indigo mug']);
    expect(await search({})).toMatchObject({ total: shop.products, approximate: false });
  });

  it('puts what is in stock first and sorts as asked', async () => {
    expect((await titles({ text: 'mug' })).at(-1)).toBe('Gone mug');
    expect(await titles({ text: 'mug', sort: 'price_asc' })).toEqual(['Indigo mug', 'Sand mug', 'Gone mug']);
    expect((await titles({ text: 'mug', sort: 'rating' }))[0]).toBe('Sand mug');
    expect(await titles({ text: 'mug', sort: 'price_asc', offset: 1, limit: 1 })).toEqual(['Sand mug']);
  });

  it('narrows and counts', async () => {
    expect(await titles({ filters: { ...filters, categoryIds: [shop.lamps] } })).toHaveLength(2);
    expect(await titles({ filters: { ...filters, categoryIds: [shop.home] }, text: 'mug' })).toHaveLength(3);
    expect(await titles({ filters: { ...filters, priceMinMinor: 5_000, priceMaxMinor: 6_000 } })).toEqual([
      'Steel floor lamp',
    ]);
    expect(
      await titles({
        filters: { ...filters, attributes: ['color=sand'], tags: ['handmade'], inStock: true, ratingMin: 4 },
      }),
    ).toEqual(['Sand mug']);
    const { facets } = await search({ text: 'mug' });
    expect(facets?.categories).toEqual([{ value: shop.kitchen, name: 'Kitchen', count: 3 }]);
    expect(facets?.availability).toEqual({ inStock: 2, outOfStock: 1 });
    expect(facets?.ratings[0]).toEqual({ atLeast: 4, count: 1 });
  });

  it('says what was meant', async () => {
    expect(await search({ text: 'scisors' })).toMatchObject({
      searchedFor: 'scissors',
      items: [{ id: expect.any(String) }],
    });
    expect(await search({ text: 'oak lamp indigo' })).toMatchObject({ matched: 'most', searchedFor: null });
  });
});
