import type { ClientBase } from 'pg';
import { lockStock, type Shelf } from './lock-stock.ts';

export type ReservationEnd = 'SOLD' | 'RELEASED';

interface Reserved extends Shelf {
  readonly id: string;
  readonly orderId: string;
  readonly isHeld: boolean;
}

/** Reservations before shelves, everywhere: whoever comes second waits here, with no shelf in hand. */
const LOCK = `
  select id, order_id as "orderId", sku, warehouse_id as "warehouseId", status = 'HELD' as "isHeld"
  from reservations where order_id = any ($1::uuid[])
  order by order_id, id for no key update`;

const END = `
  with ended as (
    update reservations set status = $2::reservation_status, ended_at = now() where id = any ($1::uuid[])
    returning order_id, sku, warehouse_id, quantity
  ), movements as (
    insert into inventory_movements (sku, warehouse_id, kind, quantity, reason, order_id)
    select sku, warehouse_id, 'out', -sum(quantity)::integer, 'sold', order_id from ended
    where $2 = 'SOLD' group by sku, warehouse_id, order_id
  )
  update inventory i
  set reserved = i.reserved - back.units,
    on_hand = i.on_hand - case when $2 = 'SOLD' then back.units else 0 end,
    updated_at = now()
  from (select sku, warehouse_id, sum(quantity)::integer as units from ended group by sku, warehouse_id) as back
  where i.sku = back.sku and i.warehouse_id = back.warehouse_id`;

/**
 * Sells or releases what orders have set aside, inside the caller's transaction, and says of which orders that was.
 * A hold ends once (invariant 8): of an order whose reservations are not all still held, nothing is changed.
 */
export async function endReservations(
  client: ClientBase,
  orderIds: readonly string[],
  end: ReservationEnd,
): Promise<ReadonlySet<string>> {
  if (orderIds.length === 0) return new Set();
  const { rows } = await client.query<Reserved>({ name: 'lock-reservations', text: LOCK, values: [orderIds] });
  const over = new Set(rows.filter(({ isHeld }) => !isHeld).map(({ orderId }) => orderId));
  const ending = rows.filter(({ orderId }) => !over.has(orderId));
  if (ending.length === 0) return new Set();
  await lockStock(client, ending, end === 'SOLD' ? 'sold' : 'released');
  await client.query({ name: 'end-reservations', text: END, values: [ending.map(({ id }) => id), end] });
  return new Set(ending.map(({ orderId }) => orderId));
}
