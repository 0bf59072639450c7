import type { ClientBase } from 'pg';
import { lockStock } from './lock-stock.ts';
import { type StockRequest, shareStock } from './share-stock.ts';

export { endReservations, type ReservationEnd } from './end-reservations.ts';
export { type Restocked, restock } from './restock.ts';
export type { StockPart, StockRequest } from './share-stock.ts';

const RESERVE = `
  with parts as materialized (
    select * from unnest($1::uuid[], $2::smallint[], $3::text[], $4::uuid[], $5::integer[], $6::float8[])
      as part (order_id, line, sku, warehouse_id, quantity, until_ms)
  ), shelves as (
    update inventory i set reserved = i.reserved + asked.units, updated_at = now()
    from (select sku, warehouse_id, sum(quantity)::integer as units from parts group by sku, warehouse_id) as asked
    where i.sku = asked.sku and i.warehouse_id = asked.warehouse_id
  )
  insert into reservations (order_id, line, sku, warehouse_id, quantity, expires_at)
  select order_id, line, sku, warehouse_id, quantity, to_timestamp(until_ms / 1000) from parts`;

/**
 * Sets units aside, inside the caller's transaction, and says for which orders. A request gets all of its parts or none
 * of them. The locked rows are read again after the wait for them, so that nothing is promised twice; the database
 * refuses it besides.
 *
 * An order reserves once: a second request with its id breaks a unique index, and the transaction.
 */
export async function reserveStock(
  client: ClientBase,
  requests: readonly StockRequest[],
): Promise<ReadonlySet<string>> {
  const asked = requests.flatMap(({ parts }) => parts);
  if (asked.length === 0) return new Set();
  const served = shareStock(requests, await lockStock(client, asked, 'reserved'));
  const parts = served.flatMap(({ orderId, untilMs, parts }) => parts.map((part) => ({ ...part, orderId, untilMs })));
  if (parts.length === 0) return new Set();
  await client.query({
    name: 'reserve-stock',
    text: RESERVE,
    values: [
      parts.map(({ orderId }) => orderId),
      parts.map(({ line }) => line),
      parts.map(({ sku }) => sku),
      parts.map(({ warehouseId }) => warehouseId),
      parts.map(({ quantity }) => quantity),
      parts.map(({ untilMs }) => untilMs),
    ],
  });
  return new Set(served.map(({ orderId }) => orderId));
}
