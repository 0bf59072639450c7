import type { ClientBase } from 'pg';
import { boundsOf } from '../take-due-payments.ts';

/*
 * One parcel for each merchant and warehouse, numbered by the first line that is in it. An order that has parcels keeps
 * them, so a repeat makes none. Whose a line is stands in the order; where it does not, its product says it.
 */
const OPEN = `
  with parts as materialized (
    select r.order_id, r.line, r.sku, r.warehouse_id, sum(r.quantity)::int as quantity,
      coalesce(item.merchant_id, product.merchant_id) as merchant_id
    from reservations r
    join order_items item on item.order_id = r.order_id and item.line = r.line
    left join variants variant on item.merchant_id is null and variant.sku = r.sku
    left join products product on product.id = variant.product_id
    where r.order_id = any ($1::uuid[]) and r.status = 'SOLD' and item.order_id between $2::uuid and $3::uuid
      and not exists (select from shipments s where s.order_id = r.order_id)
    group by r.order_id, r.line, r.sku, r.warehouse_id, coalesce(item.merchant_id, product.merchant_id)
  ), parcels as materialized (
    select uuidv7() as id, order_id, merchant_id, warehouse_id,
      row_number() over (partition by order_id order by min(line), merchant_id, warehouse_id) as number
    from parts group by order_id, merchant_id, warehouse_id
  ), opened as (
    insert into shipments (id, order_id, number, merchant_id, warehouse_id)
    select id, order_id, number, merchant_id, warehouse_id from parcels
  ), items as (
    insert into shipment_items (shipment_id, line, sku, quantity)
    select parcels.id, line, sku, quantity from parts join parcels using (order_id, merchant_id, warehouse_id)
  )
  select id from parcels`;

/**
 * Makes the parcels of orders of the store that were just confirmed, from their SOLD reservations, inside the transaction
 * that confirms them. Answers with how many it made.
 */
export async function openShipments(client: ClientBase, orderIds: readonly string[]): Promise<number> {
  if (orderIds.length === 0) return 0;
  const values = [orderIds, ...boundsOf(orderIds)];
  return (await client.query({ name: 'open-shipments', text: OPEN, values })).rowCount ?? 0;
}
