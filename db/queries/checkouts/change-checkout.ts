import type { ClientBase } from 'pg';
import { lockStock, type Shelf } from '../stock/lock-stock.ts';
import { reserveStock, type StockPart } from '../stock/reserve-stock.ts';

export async function writeCheckoutBody(client: ClientBase, id: string, body: string): Promise<void> {
  await client.query({
    name: 'write-checkout-body',
    text: 'update checkouts set body = $2::jsonb, updated_at = now() where id = $1',
    values: [id, body],
  });
}

/** What a checkout has set aside, locked: reservations come before shelves, everywhere. */
export async function lockReservations(client: ClientBase, id: string): Promise<Shelf[]> {
  const { rows } = await client.query<Shelf>({
    name: 'lock-reservations-of-checkout',
    text: `
      select sku, warehouse_id as "warehouseId" from reservations
      where order_id = $1 and status = 'HELD' order by id for no key update`,
    values: [id],
  });
  return rows;
}

/*
 * Taken away, not ended: nothing of them was sold or given back to others, and the same place may be asked for again.
 */
const TAKE = `
  with taken as (
    delete from reservations where order_id = $1 and status = 'HELD' returning sku, warehouse_id, quantity
  )
  update inventory i set reserved = i.reserved - back.units, updated_at = now()
  from (select sku, warehouse_id, sum(quantity)::integer as units from taken group by sku, warehouse_id) as back
  where i.sku = back.sku and i.warehouse_id = back.warehouse_id`;

/** Sets the units of a checkout aside elsewhere. False when they are not there, and then the transaction has to be undone. */
export async function moveReservations(
  client: ClientBase,
  { id, untilMs, parts }: { id: string; untilMs: number; parts: readonly StockPart[] },
): Promise<boolean> {
  const before = await lockReservations(client, id);
  // All shelves at once and in their order, those that are left and those that are new.
  await lockStock(client, [...before, ...parts], 'moved');
  await client.query({ name: 'take-reservations', text: TAKE, values: [id] });
  return (await reserveStock(client, [{ orderId: id, rank: 0, untilMs, parts }])).has(id);
}
