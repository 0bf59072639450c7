import type { ClientBase, Pool } from 'pg';

export interface StockedShelf {
  readonly warehouseId: string;
  readonly code: string;
  readonly isActive: boolean;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface StockedVariant {
  readonly sku: string;
  readonly productId: string;
  readonly title: string;
  readonly lowStockAt: number;
  readonly onHand: number;
  readonly reserved: number;
  /** What can be promised to somebody, over all warehouses. */
  readonly available: number;
  readonly isLow: boolean;
  readonly shelves: readonly StockedShelf[];
}

export interface InventoryFilter {
  /** Without one, of all merchants. */
  readonly merchantId: string | null;
  readonly sku: string | null;
  readonly warehouseId: string | null;
  readonly isLow: boolean;
  readonly after: string | null;
  readonly limit: number;
}

const LIST = `
  select v.sku, v.product_id as "productId", concat_ws(' · ', p.title, nullif(v.title, '')) as title,
    v.low_stock_at as "lowStockAt", s."onHand", s.reserved, s.available, s.available <= v.low_stock_at as "isLow", s.shelves
  from variants v join products p on p.id = v.product_id
    cross join lateral (
      select coalesce(sum(i.on_hand), 0)::int as "onHand", coalesce(sum(i.reserved), 0)::int as reserved,
        coalesce(sum(case when w.is_active then i.on_hand - i.reserved end), 0)::int as available,
        coalesce(jsonb_agg(jsonb_build_object(
          'warehouseId', w.id, 'code', w.code, 'isActive', w.is_active, 'onHand', i.on_hand, 'reserved', i.reserved,
          'available', case when w.is_active then i.on_hand - i.reserved else 0 end
        ) order by w.code) filter (where w.id is not null), '[]') as shelves
      from inventory i join warehouses w on w.id = i.warehouse_id where i.sku = v.sku
    ) as s
  where ($1::uuid is null or p.merchant_id = $1) and v.archived_at is null
    and ($2::text is null or v.sku = $2) and ($3::text is null or v.sku > $3)
    and ($4::uuid is null or exists (select from inventory i where i.sku = v.sku and i.warehouse_id = $4))
    and (not $5::boolean or s.available <= v.low_stock_at)
  order by v.sku limit $6`;

/** By SKU. Articles that no warehouse has are there as well, with nothing. */
export async function listInventory(database: Pool | ClientBase, filter: InventoryFilter): Promise<StockedVariant[]> {
  const { merchantId, sku, warehouseId, isLow, after, limit } = filter;
  const { rows } = await database.query<StockedVariant>({
    name: 'list-inventory',
    text: LIST,
    values: [merchantId, sku, after, warehouseId, isLow, limit],
  });
  return rows;
}

/** Of these SKUs, those that are the merchant's and not archived. Without a merchant, anybody's. */
export async function findOwnSkus(
  database: Pool | ClientBase,
  skus: readonly string[],
  merchantId: string | null,
): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ sku: string }>({
    name: 'find-own-skus',
    text: `
      select v.sku from variants v join products p on p.id = v.product_id
      where v.sku = any ($1::text[]) and v.archived_at is null and ($2::uuid is null or p.merchant_id = $2)`,
    values: [skus, merchantId],
  });
  return new Set(rows.map(({ sku }) => sku));
}

/** Undefined when there is no such article of theirs. */
export async function setLowStock(
  client: ClientBase,
  asked: { readonly sku: string; readonly lowStockAt: number; readonly merchantId: string | null },
): Promise<{ readonly productId: string; readonly slug: string } | undefined> {
  const { rows } = await client.query<{ productId: string; slug: string }>({
    name: 'set-low-stock',
    text: `
      update variants v set low_stock_at = $2 from products p
      where v.sku = $1 and p.id = v.product_id and v.archived_at is null and ($3::uuid is null or p.merchant_id = $3)
      returning p.id as "productId", p.slug`,
    values: [asked.sku, asked.lowStockAt, asked.merchantId],
  });
  return rows[0];
}
