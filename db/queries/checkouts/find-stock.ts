import type { Asking } from '../../../platform/connections/postgres-together.ts';

export interface StockThere {
  readonly sku: string;
  readonly warehouseId: string;
  readonly available: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly country: string;
}

/*
 * What the shopper's own open checkout has set aside is there for the next one, which ends it. The articles come by a
 * sub-select so that it is planned once, as in find-cart-items.ts.
 */
const FIND = `
  with own as (
    select r.sku, r.warehouse_id, sum(r.quantity)::integer as units
    from checkouts c join reservations r on r.order_id = c.id and r.status = 'HELD'
    where c.shopper_id = $2 and c.status = 'OPEN'
    group by r.sku, r.warehouse_id
  )
  select i.sku, i.warehouse_id as "warehouseId", i.on_hand - i.reserved + coalesce(own.units, 0) as available,
    w.latitude, w.longitude, w.country
  from inventory i
  join warehouses w on w.id = i.warehouse_id and w.is_active
  left join own on own.sku = i.sku and own.warehouse_id = i.warehouse_id
  where i.sku = any ((select $1::text[])::text[]) and i.on_hand - i.reserved + coalesce(own.units, 0) > 0`;

/** Where there is something of these articles for this shopper. */
export async function findStock(database: Asking, skus: readonly string[], shopperId: string): Promise<StockThere[]> {
  const values = [[...new Set(skus)], shopperId];
  return (await database.query<StockThere>({ name: 'find-stock-for-checkout', text: FIND, values })).rows;
}
