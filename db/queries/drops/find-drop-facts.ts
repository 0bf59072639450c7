/** What has to be known of items to judge a drop of them. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

export interface DropVariant {
  readonly sku: string;
  readonly title: string;
  readonly price: number;
  readonly currency: string;
  readonly isSold: boolean;
}

const VARIANTS = `
  select v.sku, p.title || case when v.title = '' then '' else ', ' || v.title end as title, v.price_minor as price,
    v.currency, v.archived_at is null and p.status = 'active' as "isSold"
  from variants v join products p on p.id = v.product_id
  where v.sku = any ($1::text[]) and p.merchant_id = $2`;

/** Only those of this merchant. */
export async function findDropVariants(
  database: Pool | ClientBase,
  skus: readonly string[],
  merchantId: string,
): Promise<DropVariant[]> {
  const { rows } = await database.query<Omit<DropVariant, 'price'> & { price: string | number }>({
    name: 'find-drop-variants',
    text: VARIANTS,
    values: [skus, merchantId],
  });
  return rows.map((row) => ({ ...row, title: row.title.slice(0, 200), price: exact(row.price) }));
}

export interface FreeShelf {
  readonly sku: string;
  readonly warehouseId: string;
  readonly warehouse: string;
  readonly available: number;
}

const SHELVES = `
  select i.sku, i.warehouse_id as "warehouseId", w.name as warehouse, i.on_hand - i.reserved as available
  from inventory i join warehouses w on w.id = i.warehouse_id
  where i.sku = any ($1::text[]) and w.is_active
  order by i.sku, available desc, w.id`;

/** What of the shelves is promised to nobody. */
export async function findFreeShelves(database: Pool | ClientBase, skus: readonly string[]): Promise<FreeShelf[]> {
  return (await database.query<FreeShelf>({ name: 'find-free-shelves', text: SHELVES, values: [skus] })).rows;
}

/** The shelves that a drop may draw from, whatever lies on them; db/queries/stock/lock-stock.ts locks them. */
export async function findShelvesOf(
  client: ClientBase,
  skus: readonly string[],
): Promise<{ readonly sku: string; readonly warehouseId: string }[]> {
  const { rows } = await client.query<{ sku: string; warehouseId: string }>({
    name: 'find-shelves-of',
    text: `select sku, warehouse_id as "warehouseId" from inventory where sku = any ($1::text[])`,
    values: [skus],
  });
  return rows;
}

export interface OverlappingDrop {
  readonly dropId: string;
  readonly title: string;
  readonly sku: string;
  readonly lobbyOpensAt: number;
  readonly endsAt: number;
}

const OTHERS = `
  select d.id as "dropId", d.title, s.sku, d.lobby_opens_at as "lobbyOpensAt", d.ends_at as "endsAt"
  from drop_skus s join drops d on d.id = s.drop_id
  where s.sku = any ($1::text[]) and d.state in ('scheduled', 'paused') and d.id is distinct from $2::uuid
    and d.lobby_opens_at < to_timestamp($4::float8 / 1000) and d.ends_at > to_timestamp($3::float8 / 1000)
  order by d.lobby_opens_at, d.id limit 20`;

/** Drops of the same items in the same time, but for this one. */
export async function findOverlappingDrops(
  database: Pool | ClientBase,
  asked: {
    readonly skus: readonly string[];
    readonly except: string | null;
    readonly fromMs: number;
    readonly untilMs: number;
  },
): Promise<OverlappingDrop[]> {
  const { rows } = await database.query<
    Omit<OverlappingDrop, 'lobbyOpensAt' | 'endsAt'> & { lobbyOpensAt: Date; endsAt: Date }
  >({ name: 'find-overlapping-drops', text: OTHERS, values: [asked.skus, asked.except, asked.fromMs, asked.untilMs] });
  return rows.map((row) => ({ ...row, lobbyOpensAt: row.lobbyOpensAt.getTime(), endsAt: row.endsAt.getTime() }));
}
