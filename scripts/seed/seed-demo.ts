import { hash } from '@node-rs/argon2';
import type { ClientBase } from 'pg';
import type { StoredDrop } from '../../db/drop-rows.ts';
import { findDrop } from '../../db/queries/find-drop.ts';
import { insertDrop } from '../../db/queries/insert-drop.ts';
import { tellInventory } from '../../db/queries/stock/alerts.ts';
import { topUpWallets } from '../../db/queries/top-up-wallet.ts';
import {
  DEMO_DROP_ID,
  DEMO_MERCHANT_EMAIL,
  DEMO_METHODS,
  DEMO_PASSWORD,
  DEMO_SHOPPER_ID,
  DEMO_USERS,
  DEMO_WALLET_MINOR,
  demoDrop,
} from './demo.ts';
import { BRANDS, CATEGORIES, CURRENCY, DROP_SKU, PRODUCTS, VARIANTS, WAREHOUSES } from './demo-catalog.ts';
import { seedId } from './ids.ts';

export interface SeedResult {
  /** How many rows of each kind were new. */
  readonly made: Readonly<Record<string, number>>;
  readonly drop: StoredDrop;
}

/** Writes the demo data that is not there yet, inside the caller's transaction. What is there stays as it is. */
export async function seedDemo(
  client: ClientBase,
  options: { regions: readonly string[]; nowMs: number },
): Promise<SeedResult> {
  // A second seeding at the same time waits here and then finds everything made.
  await client.query(`select pg_advisory_xact_lock(hashtext('seed'))`);
  const users = await insertUsers(client);
  const merchantId = await merchant(client);
  const merchants = await openShop(client, merchantId);
  const made = {
    users,
    merchants,
    'ways to pay': await insertWaysToPay(client),
    categories: await insertRows(client, CATEGORY, CATEGORIES),
    brands: await insertRows(client, BRAND, BRANDS),
    products: await insertRows(client, PRODUCT, PRODUCTS, merchantId),
    variants: await insertRows(client, VARIANT, VARIANTS, CURRENCY),
    warehouses: await insertRows(client, WAREHOUSE, WAREHOUSES),
    'stock rows': await insertRows(client, STOCK, stockRows(), DROP_SKU, DEMO_DROP_ID),
    drops: (await insertDrop(client, demoDrop({ merchantId, ...options }))) ? 1 : 0,
  };
  await client.query(DRAWN, [DEMO_DROP_ID]);
  // Stock that is new tells nothing by itself; what is low is to be seen in the demo.
  if (made['stock rows'] > 0) await tellInventory(client, await lowSkus(client), 'demo data');
  const drop = await findDrop(client, DEMO_DROP_ID);
  if (drop === undefined) throw new Error('the demo drop is not there although it was written');
  return { made, drop };
}

async function lowSkus(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ sku: string }>(
    `select v.sku from variants v join inventory i using (sku)
     where v.sku = any ($1::text[]) and v.sku <> $2 group by v.sku, v.low_stock_at
     having sum(i.on_hand - i.reserved) <= v.low_stock_at`,
    [VARIANTS.map(({ sku }) => sku), DROP_SKU],
  );
  return rows.map(({ sku }) => sku);
}

async function insertUsers(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ email: string }>('select email from users where email = any ($1::citext[])', [
    DEMO_USERS.map((user) => user.email),
  ]);
  const known = new Set(rows.map((row) => row.email.toLowerCase()));
  const missing = DEMO_USERS.filter((user) => !known.has(user.email));
  const withHashes = await Promise.all(missing.map(async (user) => ({ ...user, hash: await hash(DEMO_PASSWORD) })));
  return await insertRows(client, USER, withHashes);
}

/** Of the demo's shopper, if that account is the one of the demo. */
async function insertWaysToPay(client: ClientBase): Promise<number> {
  const made = await insertRows(client, METHOD, DEMO_METHODS, DEMO_SHOPPER_ID);
  const id = seedId('top-up', 1);
  await topUpWallets(client, [{ id, ownerId: DEMO_SHOPPER_ID, currency: CURRENCY, amountMinor: DEMO_WALLET_MINOR }]);
  return made;
}

async function merchant(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ id: string }>('select id from users where email = $1', [DEMO_MERCHANT_EMAIL]);
  if (rows[0] === undefined) throw new Error(`${DEMO_MERCHANT_EMAIL} is not there although it was written`);
  return rows[0].id;
}

/** They are let in already, and told when little is left. */
async function openShop(client: ClientBase, merchantId: string): Promise<number> {
  const { rowCount } = await client.query(
    `insert into merchants (user_id, name, legal_name, country, contact_email, line1, postal_code, city, status, decided_at)
     select id, 'Mina''s', 'Mina Merchant Ltd', 'US', email, '1 Market Street', '94105', 'San Francisco', 'active', now()
     from users where id = $1 and email is not null on conflict do nothing`,
    [merchantId],
  );
  return rowCount ?? 0;
}

async function insertRows(
  client: ClientBase,
  sql: string,
  rows: readonly object[],
  ...more: string[]
): Promise<number> {
  const { rowCount } = await client.query(sql, [JSON.stringify(rows), ...more]);
  return rowCount ?? 0;
}

function stockRows(): { movement: string; sku: string; warehouse: string; units: number }[] {
  const rows = VARIANTS.flatMap(({ sku, stock }) =>
    WAREHOUSES.map(({ code }, index) => ({ sku, warehouse: code, units: stock[index] ?? 0 })),
  );
  return rows.map((row, index) => ({ movement: seedId('movement', index + 1), ...row }));
}

const USER = `
  insert into users (id, email, password_hash, name, role)
  select id, email, hash, name, role
  from jsonb_to_recordset($1) as row (id uuid, email citext, hash text, name text, role user_role)
  on conflict do nothing`;

const METHOD = `
  insert into payment_methods (id, user_id, kind, provider_token, brand, last4)
  select row.id, $2::uuid, kind, token, brand, last4
  from jsonb_to_recordset($1) as row (id uuid, kind payment_kind, token text, brand text, last4 text)
  where exists (select from users where id = $2::uuid)
  on conflict do nothing`;

/** A parent stands before its children; a foreign key is checked at the end of the statement. */
const CATEGORY = `
  with given as (
    select * from jsonb_to_recordset($1) as row (id uuid, slug text, name text, parent text)
  )
  insert into categories (id, slug, name, parent_id)
  select id, slug, name, (select parent.id from given parent where parent.slug = given.parent)
  from given
  on conflict do nothing`;

const BRAND = `
  insert into brands (id, slug, name)
  select id, slug, name from jsonb_to_recordset($1) as row (id uuid, slug text, name text)
  on conflict do nothing`;

const PRODUCT = `
  insert into products (id, merchant_id, category_id, brand_id, slug, title, description, tags, status)
  select row.id, $2::uuid, category.id, brand.id, row.slug, title, description, tags, 'active'
  from jsonb_to_recordset($1)
      as row (id uuid, slug text, title text, description text, category text, brand text, tags text[])
    join categories category on category.slug = row.category
    join brands brand on brand.slug = row.brand
  on conflict do nothing`;

/** One of the demo's articles has fewer: its merchant is told. */
const LOW_STOCK_AT = 20;

const VARIANT = `
  insert into variants (id, product_id, sku, title, attributes, price_minor, currency, position, low_stock_at)
  select row.id, product.id, sku, row.title, attributes, price, $2,
    row_number() over (partition by product.id order by row.id), ${LOW_STOCK_AT}
  from jsonb_to_recordset($1) as row (id uuid, product text, sku text, title text, attributes jsonb, price bigint)
    join products product on product.slug = row.product
  on conflict do nothing`;

const WAREHOUSE = `
  insert into warehouses (id, code, name, country, latitude, longitude)
  select id, code, name, country, latitude, longitude
  from jsonb_to_recordset($1)
    as row (id uuid, code text, name text, country text, latitude float8, longitude float8)
  on conflict do nothing`;

/** What the drop draws from the shelves: without it they would be promised to nobody, and never come back. */
const DRAWN = `
  insert into drop_stock (drop_id, sku, warehouse_id, units)
  select drop_id, sku, warehouse_id, sum(quantity) from inventory_movements
  where drop_id = $1 and kind = 'in' group by drop_id, sku, warehouse_id
  on conflict do nothing`;

/** The stock comes in by the journal. All of the drop's item is promised to the drop. */
const STOCK = `
  with given as (
    select movement, sku, warehouse.id as warehouse_id, units
    from jsonb_to_recordset($1) as row (movement uuid, sku text, warehouse text, units int)
      join warehouses warehouse on warehouse.code = row.warehouse
  ), made as (
    insert into inventory (sku, warehouse_id, on_hand, reserved)
    select sku, warehouse_id, units, case when sku = $2 then units else 0 end from given
    on conflict do nothing
    returning sku, warehouse_id
  ), journal as (
    insert into inventory_movements (id, sku, warehouse_id, kind, quantity, reason, drop_id)
    select movement, sku, warehouse_id, 'in', units, 'demo data', case when sku = $2 then $3::uuid end
    from given join made using (sku, warehouse_id)
    where units > 0
  )
  select from made`;
