/** What must be true of the shelves. Each question answers with what is wrong, and nothing when all is well. */
import type { StoreCheck } from './store-check.ts';

const PROMISED = `
  select sku, warehouse_id, sum(units)::bigint as units from (
    select sku, warehouse_id, quantity as units from reservations where status = 'HELD'
    union all
    select sku, warehouse_id, units - shipped - returned from drop_stock
  ) promised group by sku, warehouse_id`;

export const SHELF_CHECKS: readonly StoreCheck[] = [
  {
    identity: 'on-hand',
    what: 'on the shelf = sum of its movements',
    text: `
      select i.sku || '@' || i.warehouse_id as id,
        i.on_hand || ' on the shelf, ' || coalesce(m.units, 0) || ' by the journal' as detail
      from inventory i
      left join (
        select sku, warehouse_id, sum(quantity)::bigint as units from inventory_movements group by sku, warehouse_id
      ) m on m.sku = i.sku and m.warehouse_id = i.warehouse_id
      where i.on_hand <> coalesce(m.units, 0)`,
  },
  {
    identity: 'reserved',
    what: 'promised = units of holds + units of drops that are neither shipped nor returned',
    text: `
      select i.sku || '@' || i.warehouse_id as id,
        i.reserved || ' promised, ' || coalesce(p.units, 0) || ' by holds and drops' as detail
      from inventory i left join (${PROMISED}) p on p.sku = i.sku and p.warehouse_id = i.warehouse_id
      where i.reserved <> coalesce(p.units, 0)`,
  },
  {
    identity: 'never-below-zero',
    what: '0 ≤ promised ≤ on the shelf',
    text: `
      select sku || '@' || warehouse_id as id, reserved || ' promised of ' || on_hand as detail from inventory
      where on_hand < 0 or reserved < 0 or reserved > on_hand`,
  },
  {
    identity: 'held-for-somebody',
    what: 'holds belong to an open checkout or a waiting order',
    text: `
      select distinct r.order_id::text as id, 'held for nobody' as detail from reservations r
      where r.status = 'HELD'
        and not exists (select from checkouts c where c.id = r.order_id and c.status = 'OPEN')
        and not exists (
          select from orders o where o.id = r.order_id and o.source = 'store' and o.status in ('PENDING', 'REVIEW')
        )`,
  },
  {
    identity: 'sold-to-somebody',
    what: 'sold units belong to an order that was confirmed',
    text: `
      select distinct r.order_id::text as id, 'sold, but never confirmed' as detail from reservations r
      where r.status = 'SOLD' and not exists (
        select from order_status_history h where h.order_id = r.order_id and h.status = 'CONFIRMED'
      )`,
  },
  {
    identity: 'order-has-units',
    what: 'units of an order = units that are held or sold for it',
    text: `
      select o.id::text as id, o.status || ', line ' || i.line || ': ' || i.quantity || ' ordered' as detail
      from orders o join order_items i on i.order_id = o.id
      left join lateral (
        select sum(quantity)::bigint as units from reservations r
        where r.order_id = o.id and r.line = i.line and r.sku = i.sku
          and r.status = case when o.status in ('PENDING', 'REVIEW') then 'HELD' else 'SOLD' end::reservation_status
      ) r on true
      where o.source = 'store'
        and o.status in ('PENDING', 'REVIEW', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED')
        and i.quantity <> coalesce(r.units, 0)`,
  },
  {
    identity: 'order-has-parcels',
    what: 'units of a confirmed order = units in its parcels',
    text: `
      select o.id::text as id, 'line ' || i.line || ': ' || i.quantity || ' ordered' as detail
      from orders o join order_items i on i.order_id = o.id
      left join lateral (
        select sum(p.quantity)::bigint as units from shipments s join shipment_items p on p.shipment_id = s.id
        where s.order_id = o.id and s.status <> 'CANCELLED' and p.line = i.line
      ) p on true
      where o.source = 'store' and o.status in ('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED')
        and i.quantity <> coalesce(p.units, 0)`,
  },
  {
    identity: 'checkout-has-order',
    what: 'checkouts that were placed = their orders',
    text: `
      select c.id::text as id, 'placed, and there is no order' as detail from checkouts c
      where c.status = 'PLACED' and not exists (select from orders o where o.id = c.id)`,
  },
];
