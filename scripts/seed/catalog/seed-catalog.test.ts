import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildSearch } from '../../../db/queries/search/rebuild.ts';
import type { SearchRequest } from '../../../store-api/search/engine.ts';
import { createPostgresEngine } from '../../../store-api/search/postgres/engine.ts';
import { useDatabase } from '../../../test/servers/database.ts';
import { measure } from '../../search-quality/measure.ts';
import { readQueries } from '../../search-quality/queries.ts';
import { makeProduct, numberOf } from './product.ts';
import { seedCatalog } from './seed-catalog.ts';

const PRODUCTS = 22_000;
const database = useDatabase();
let client: Client;

beforeAll(async () => {
  client = new Client({ connectionString: database.url });
  await client.connect();
  await seedCatalog(client, { products: 3_000, seed: 1 });
  const other = new Client({ connectionString: database.url });
  await other.connect();
  await seedCatalog(client, { products: PRODUCTS, seed: 1, others: [other] });
  await other.end();
  const pool = new Pool({ connectionString: database.url, max: 3 });
  await rebuildSearch(pool, { connections: 2 });
  await pool.end();
});
afterAll(() => client.end());

const request: SearchRequest = {
  ...{ text: '', sort: 'relevance', offset: 0, limit: 20, nowMs: Date.UTC(2026, 10, 1), withFacets: true },
  filters: { categoryIds: [], brandIds: [], attributes: [], tags: [] },
  liked: { categories: [], brands: [] },
};

describe('the made-up catalog', () => {
  it('is whole after being cut short, is written once, and its stock is explained by the journal', async () => {
    expect(await seedCatalog(client, { products: PRODUCTS, seed: 1 })).toBe(0);
    const { rows } = await client.query(`
      select count(*)::int as products, count(distinct title)::int as titles,
        (select sum(on_hand)::int from inventory) = (select sum(quantity)::int from inventory_movements) as explained,
        (select count(*)::int from search_changes) as changes
      from products`);
    expect(rows[0]).toEqual({ products: PRODUCTS, titles: PRODUCTS, explained: true, changes: 0 });
  });

  it('gives the same product for a seed and a number', () => {
    const product = makeProduct(1, 77);
    expect(makeProduct(1, 77)).toEqual(product);
    expect(makeProduct(2, 77)).not.toEqual(product);
    expect(numberOf(product.id)).toBe(77);
  });

  it('is searched well', async () => {
    const queries = await readQueries();
    expect(queries).toHaveLength(200);
    const engine = createPostgresEngine(database.pool);
    const [meant, mistyped] = [false, true].map((typo) => queries.filter((query) => query.typo === typo));
    const good = await measure(engine, meant ?? [], request.nowMs);
    expect(good.hit).toBeGreaterThanOrEqual(0.98);
    expect(good.zero).toBe(0);
    expect(good.mrr).toBeGreaterThan(0.9);
    const rough = await measure(engine, mistyped ?? [], request.nowMs);
    expect(rough.hit).toBeGreaterThan(0.9);
    expect(rough.mrr).toBeGreaterThan(0.85);
  });
});

describe('more matches than are looked at', () => {
  it.each(['price_asc', 'price_desc', 'rating', 'newest', 'popularity'] as const)(
    'come sorted by %s all the same',
    async (sort) => {
      const [bounded, whole] = [{ candidates: 100 }, { candidates: PRODUCTS }].map((options) =>
        createPostgresEngine(database.pool, options),
      );
      for (const text of ['cotton', '']) {
        for (const offset of [0, 40]) {
          const asked = { ...request, text, sort, offset };
          const [few, all] = await Promise.all([bounded?.search(asked), whole?.search(asked)]);
          expect(few?.items.map(({ id }) => id)).toEqual(all?.items.map(({ id }) => id));
          expect(few?.items).toHaveLength(20);
        }
      }
    },
  );

  it('are said to be more, and the best tier is looked at first', async () => {
    const answer = await createPostgresEngine(database.pool, { candidates: 100 }).search({
      ...request,
      text: 'cotton',
    });
    expect(answer).toMatchObject({ approximate: true, total: 100 });
    const { rows } = await client.query('select max(tier) as worst from search_products where product_id = any ($1)', [
      answer.items.map(({ id }) => id),
    ]);
    expect(rows[0].worst).toBeLessThan(2);
    const everything = await createPostgresEngine(database.pool, { candidates: 100 }).search(request);
    expect(everything).toMatchObject({ approximate: false, total: PRODUCTS });
    expect(everything.facets?.availability.inStock).toBeGreaterThan(100);
  });
});
