/** Shoppers who can buy: accounts of some age with money in their wallets, and goods in stock that came in by the journal. */
import type { IdSource } from '../../contracts/ids.ts';
import type { OrderServers } from '../orders/servers.ts';

type Queryable = Awaited<ReturnType<OrderServers['connect']>>;

/** Nobody of them buys so often in an hour that it looks like fraud. */
const SHOPPERS = 6_000;
const WALLET_MINOR = 100_000_000;
const UNITS = 1_000_000;

const PEOPLE = `
  insert into users (id, email, created_at)
  select id, id || '@shoppers.example', now() - interval '90 days' from unnest($1::uuid[]) as shopper (id)`;

const WALLETS = `
  with wallets as (
    insert into ledger_accounts (id, kind, owner_id, currency)
    select uuidv7(), 'wallet', id, currency
    from unnest($1::uuid[]) as shopper (id), (select distinct currency from variants where sku = any ($2::text[])) c
    returning id, currency
  ), named as materialized (
    select uuidv7() as transfer_id, id, currency from wallets
  ), transfers as (
    insert into ledger_transfers (id, kind) select transfer_id, 'top-up' from named
  )
  insert into ledger_entries (transfer_id, account_id, amount_minor)
  select transfer_id, id, $3::bigint from named
  union all
  select transfer_id, shop_account('funding', currency), -$3::bigint from named`;

const STOCK = `
  with shelf as (
    select distinct on (sku) sku, warehouse_id from inventory where sku = any ($1::text[]) order by sku, warehouse_id
  ), journal as (
    insert into inventory_movements (sku, warehouse_id, kind, quantity, reason)
    select sku, warehouse_id, 'in', $2::int, 'bench' from shelf
  )
  update inventory i set on_hand = on_hand + $2::int from shelf
  where i.sku = shelf.sku and i.warehouse_id = shelf.warehouse_id
  returning i.sku`;

export interface Shoppers {
  readonly ids: readonly string[];
  /** What each of them buys, one for one. */
  readonly skus: readonly string[];
}

export async function makeShoppers(database: Queryable, skus: readonly string[], nextId: IdSource): Promise<Shoppers> {
  const ids = Array.from({ length: SHOPPERS }, () => nextId());
  const { rows } = await database.query<{ sku: string }>(STOCK, [skus, UNITS]);
  if (rows.length === 0) throw new Error('The catalog has nothing on its shelves.');
  await database.query(PEOPLE, [ids]);
  await database.query(WALLETS, [ids, rows.map(({ sku }) => sku), WALLET_MINOR]);
  return { ids, skus: ids.map((_, at) => rows[at % rows.length]?.sku ?? '') };
}
