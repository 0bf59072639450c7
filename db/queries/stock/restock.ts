import type { ClientBase } from 'pg';
import { lockStock, type Shelf } from './lock-stock.ts';

export interface Restocked extends Shelf {
  readonly quantity: number;
  /** Such as `returned`. */
  readonly reason: string;
  readonly orderId: string | null;
  readonly actorId: string | null;
}

const RESTOCK = `
  with back as materialized (
    select * from unnest($1::text[], $2::uuid[], $3::integer[], $4::text[], $5::uuid[], $6::uuid[])
      as back (sku, warehouse_id, quantity, reason, order_id, actor_id)
  ), movements as (
    insert into inventory_movements (sku, warehouse_id, kind, quantity, reason, order_id, actor_id)
    select sku, warehouse_id, 'in', quantity, reason, order_id, actor_id from back
  )
  update inventory i set on_hand = i.on_hand + came.units, updated_at = now()
  from (select sku, warehouse_id, sum(quantity)::integer as units from back group by sku, warehouse_id) as came
  where i.sku = came.sku and i.warehouse_id = came.warehouse_id`;

/** Puts what came back on its shelf, inside the caller's transaction. A shelf that nothing lay on so far is made. */
export async function restock(client: ClientBase, units: readonly Restocked[]): Promise<void> {
  if (units.length === 0) return;
  await makeShelves(client, units);
  await lockStock(client, units, units[0]?.reason ?? 'returned');
  await client.query({
    name: 'restock',
    text: RESTOCK,
    values: [
      units.map(({ sku }) => sku),
      units.map(({ warehouseId }) => warehouseId),
      units.map(({ quantity }) => quantity),
      units.map(({ reason }) => reason),
      units.map(({ orderId }) => orderId),
      units.map(({ actorId }) => actorId),
    ],
  });
}

/** In their order too: of two who make the same one, the second waits for the first. */
export async function makeShelves(client: ClientBase, shelves: readonly Shelf[]): Promise<void> {
  await client.query({
    name: 'make-shelves',
    text: `
      insert into inventory (sku, warehouse_id)
      select distinct sku, warehouse_id from unnest($1::text[], $2::uuid[]) as shelf (sku, warehouse_id)
      order by sku, warehouse_id
      on conflict do nothing`,
    values: [shelves.map(({ sku }) => sku), shelves.map(({ warehouseId }) => warehouseId)],
  });
}
