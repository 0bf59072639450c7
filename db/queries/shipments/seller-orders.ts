import type { ClientBase, Pool } from 'pg';
import type { OrderState } from '../../../contracts/orders/states.ts';

export interface SellerOrderFilter {
  /** Null of who may see those of all merchants. */
  readonly merchantId: string | null;
  readonly status: OrderState | null;
  readonly parcel: string | null;
  /** Exclusive. */
  readonly before: string | null;
  readonly limit: number;
}

/*
 * Orders that have parcels of this merchant, and those of their drops that nobody has packed yet. Each half ends at the
 * limit by itself, so the whole never looks at more than two pages. A drop of which everything was packed or given back
 * has nothing for the second half, and its orders are not read.
 */
const LIST = `
  (
    select distinct s.order_id as id from shipments s
    join lateral (select status from orders where id = s.order_id limit 1) o on ($2::order_status is null or o.status = $2)
    where ($1::uuid is null or s.merchant_id = $1) and ($3::shipment_status is null or s.status = $3)
      and ($4::uuid is null or s.order_id < $4)
    order by id desc limit $5
  ) union (
    select o.id from drops d join orders o on o.drop_id = d.id
    where ($1::uuid is null or d.merchant_id = $1) and o.status = 'CONFIRMED'
      and (
        exists (select from drop_stock ds where ds.drop_id = d.id and ds.units > ds.packed + ds.returned)
        or not exists (select from drop_stock ds where ds.drop_id = d.id)
      )
      and ($2::order_status is null or $2 = 'CONFIRMED') and $3::shipment_status is null and ($4::uuid is null or o.id < $4)
    order by o.id desc limit $5
  ) order by id desc limit $5`;

export async function listSellerOrders(database: Pool | ClientBase, filter: SellerOrderFilter): Promise<string[]> {
  const { merchantId, status, parcel, before, limit } = filter;
  const values = [merchantId, status, parcel, before, limit];
  const { rows } = await database.query<{ id: string }>({ name: 'list-seller-orders', text: LIST, values });
  return rows.map(({ id }) => id);
}

export interface SellerOrder {
  readonly id: string;
  readonly source: 'drop' | 'store';
  readonly dropId: string | null;
  readonly status: OrderState;
  readonly currency: string;
  readonly placedAtMs: number;
  readonly shippingOption: string | null;
  readonly items: readonly SellerItem[];
}

export interface SellerItem {
  readonly line: number;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/* Not before the order is paid, and only the lines of this merchant. */
const FIND = `
  select o.id, o.source, o.drop_id as "dropId", o.status, o.currency, o.shipping_option as "shippingOption",
    (extract(epoch from o.placed_at) * 1000)::float8 as "placedAtMs",
    array(
      select json_build_object(
        'line', i.line, 'sku', i.sku, 'title', i.title, 'quantity', i.quantity, 'unitPrice', i.unit_price_minor
      )
      from order_items i
      where i.order_id = o.id and ($2::uuid is null or o.source = 'drop' or i.merchant_id = $2 or exists (
        select from shipments s join shipment_items si on si.shipment_id = s.id
        where s.order_id = o.id and s.merchant_id = $2 and si.line = i.line
      ))
      order by i.line
    ) as items
  from orders o
  where o.id = any ($1::uuid[]) and o.id between $3::uuid and $4::uuid
    and (
      exists (select from shipments s where s.order_id = o.id and ($2::uuid is null or s.merchant_id = $2))
      or (o.status not in ('PENDING', 'REVIEW', 'CANCELLED', 'REFUND_PENDING') and exists (
        select from drops d where d.id = o.drop_id and ($2::uuid is null or d.merchant_id = $2)
      ))
    )
  order by o.id desc`;

/** Of these orders those that are this merchant's; what others sell in them is left out. */
export async function findSellerOrders(
  database: Pool | ClientBase,
  orderIds: readonly string[],
  merchantId: string | null,
): Promise<readonly SellerOrder[]> {
  if (orderIds.length === 0) return [];
  const sorted = orderIds.toSorted();
  const values = [orderIds, merchantId, sorted.at(0), sorted.at(-1)];
  return (await database.query<SellerOrder>({ name: 'find-seller-orders', text: FIND, values })).rows;
}
