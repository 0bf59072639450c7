/**
 * A catalog of any size. Each batch is a transaction, and a batch that is there is passed over: what was cut short goes
 * on where it stopped, and a larger number adds what is missing.
 */
import type { Client } from 'pg';
import { seedId } from '../ids.ts';
import { copyRows } from './copy.ts';
import { brands, categories, type MadeProduct, makeProduct, productId, synonyms } from './product.ts';

const BATCH = 5_000;
const CURRENCY = 'USD';
const MERCHANT_ID = seedId('user', 1_000_000_000);
const WAREHOUSE_ID = seedId('warehouse', 1_000_000_000);

export interface SeedCatalogOptions {
  readonly products: number;
  readonly seed: number;
  /** More connections that write batches at the same time: the server spends most of the time, each on one core. */
  readonly others?: readonly Client[];
  tell?(done: number): void;
}

/** Says how many products are new. */
export async function seedCatalog(client: Client, options: SeedCatalogOptions): Promise<number> {
  await client.query(`select pg_advisory_lock(hashtext('seed'))`);
  const writers = [client, ...(options.others ?? [])];
  try {
    await writeSurroundings(client);
    // Told of each change, the search would index each product three times; whoever seeds indexes at the end.
    await Promise.all(writers.map((writer) => writer.query("set dropgate.search_quiet = 'on'")));
    return await writeBatches(writers, options);
  } finally {
    await Promise.all(writers.map((writer) => writer.query('reset dropgate.search_quiet')));
    await client.query(`select pg_advisory_unlock(hashtext('seed'))`);
  }
}

/** Each writer takes the next batch when it is free. Batches share no row that they change. */
async function writeBatches(writers: readonly Client[], options: SeedCatalogOptions): Promise<number> {
  const { products, seed } = options;
  let [next, made, done] = [0, 0, 0];
  async function work(writer: Client): Promise<void> {
    while (next < products) {
      const from = next;
      const to = Math.min(from + BATCH, products);
      next = to;
      // Two steps: += would read the sum before the other writer has added to it.
      const isNew = await writeBatch(writer, seed, from, to);
      made += isNew;
      done += to - from;
      options.tell?.(done);
    }
  }
  const ended = await Promise.allSettled(writers.map(work));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return made;
}

async function writeSurroundings(client: Client): Promise<void> {
  await client.query(
    `insert into users (id, email, name, role) values ($1, 'catalog@example.test', 'Made-up catalog', 'merchant')
     on conflict do nothing`,
    [MERCHANT_ID],
  );
  await client.query(
    `insert into warehouses (id, code, name, country, latitude, longitude)
     values ($1, 'seed-warehouse', 'Made-up warehouse', 'NL', 52.1, 5.2) on conflict do nothing`,
    [WAREHOUSE_ID],
  );
  await client.query(CATEGORIES, [JSON.stringify(categories)]);
  await client.query(BRANDS, [JSON.stringify(brands)]);
  await client.query(SYNONYMS, [JSON.stringify(synonyms)]);
}

async function writeBatch(client: Client, seed: number, from: number, to: number): Promise<number> {
  const { rows } = await client.query<{ id: string }>('select id from products where id >= $1 and id <= $2', [
    productId(from),
    productId(to - 1),
  ]);
  const known = new Set(rows.map(({ id }) => id));
  const made = Array.from({ length: to - from }, (_, index) => makeProduct(seed, from + index)).filter(
    ({ id }) => !known.has(id),
  );
  if (made.length === 0) return 0;
  await client.query('begin');
  try {
    await copyBatch(client, made);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
  return made.length;
}

async function copyBatch(client: Client, made: readonly MadeProduct[]): Promise<void> {
  const list = (values: readonly string[]) => `{${values.map((value) => `"${value}"`).join(',')}}`;
  const time = (atMs: number) => new Date(atMs).toISOString();
  await copyRows(
    client,
    'products (id, merchant_id, category_id, brand_id, slug, title, description, tags, status, created_at, updated_at)',
    made.map((one) => [
      ...[one.id, MERCHANT_ID, one.categoryId, one.brandId, one.slug, one.title, one.description, list(one.tags)],
      ...['active', time(one.createdAtMs), time(one.createdAtMs)],
    ]),
  );
  const variants = made.flatMap((one) => one.variants.map((variant, position) => ({ ...variant, one, position })));
  await copyRows(
    client,
    'variants (id, product_id, sku, title, attributes, price_minor, currency, position)',
    variants.map(({ id, one, sku, title, attributes, priceMinor, position }) => [
      ...[id, one.id, sku, title, JSON.stringify(attributes), priceMinor, CURRENCY, position],
    ]),
  );
  await copyRows(
    client,
    'inventory (sku, warehouse_id, on_hand)',
    variants.map(({ sku, stock }) => [sku, WAREHOUSE_ID, stock]),
  );
  await copyRows(
    client,
    'inventory_movements (id, sku, warehouse_id, kind, quantity, reason)',
    variants
      .filter(({ stock }) => stock > 0)
      .map(({ movementId, sku, stock }) => [movementId, sku, WAREHOUSE_ID, 'in', stock, 'made-up catalog']),
  );
  await copyRows(
    client,
    'product_signals (product_id, rating_hundredths, reviews, sold)',
    made.map(({ id, ratingHundredths, reviews, sold }) => [id, ratingHundredths, reviews, sold]),
  );
}

const CATEGORIES = `
  with given as (
    select * from jsonb_to_recordset($1) as row (id uuid, slug text, name text, parent text)
  )
  insert into categories (id, slug, name, parent_id)
  select id, slug, name, (select parent.id from given parent where parent.slug = given.parent) from given
  on conflict do nothing`;

const BRANDS = `
  insert into brands (id, slug, name)
  select id, slug, name from jsonb_to_recordset($1) as row (id uuid, slug text, name text)
  on conflict do nothing`;

const SYNONYMS = `
  insert into search_synonyms (id, terms)
  select id, terms from jsonb_to_recordset($1) as row (id uuid, terms text[])
  on conflict do nothing`;
