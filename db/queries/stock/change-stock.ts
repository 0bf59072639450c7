import type { ClientBase } from 'pg';
import { type LockedShelf, lockStock, type Shelf, shelfKey } from './lock-stock.ts';
import { makeShelves } from './restock.ts';

export type MovementKind = 'in' | 'out' | 'transfer' | 'adjust';

export interface StockChange extends Shelf {
  readonly kind: MovementKind;
  /** What on_hand changes by. */
  readonly delta: number;
  readonly reason: string;
  readonly transferId: string | null;
  readonly actorId: string;
}

export type ChangedStock =
  | { readonly ok: true; readonly movementIds: readonly string[]; readonly shelves: readonly LockedShelf[] }
  /** Of the first shelf that does not allow it. Nothing was changed. */
  | { readonly ok: false; readonly problem: 'SHORT' | 'FULL'; readonly shelf: LockedShelf };

const CHANGE = `
  with changes as materialized (
    select * from unnest($1::text[], $2::uuid[], $3::movement_kind[], $4::integer[], $5::text[], $6::uuid[], $7::uuid[])
      with ordinality as change (sku, warehouse_id, kind, delta, reason, transfer_id, actor_id, number)
  ), shelves as (
    update inventory i set on_hand = i.on_hand + moved.units, updated_at = now()
    from (select sku, warehouse_id, sum(delta)::integer as units from changes group by sku, warehouse_id) as moved
    where i.sku = moved.sku and i.warehouse_id = moved.warehouse_id
  )
  insert into inventory_movements (sku, warehouse_id, kind, quantity, reason, transfer_id, actor_id)
  select sku, warehouse_id, kind, delta, reason, transfer_id, actor_id from changes order by number
  returning id`;

/**
 * Moves stock, inside the caller's transaction: all of it or none. What is promised to somebody stays on its shelf, and no
 * shelf holds more than `most`. A shelf that nothing lay on so far is made.
 */
export async function changeStock(
  client: ClientBase,
  changes: readonly StockChange[],
  most: number,
): Promise<ChangedStock> {
  await makeShelves(client, changes);
  const before = await lockStock(client, changes, changes[0]?.reason ?? 'changed');
  const after = new Map<string, LockedShelf>();
  for (const change of changes) {
    const key = shelfKey(change);
    const shelf = after.get(key) ?? before.get(key);
    if (shelf === undefined) throw new Error('A shelf that was just made is not there.');
    const [onHand, available] = [shelf.onHand + change.delta, shelf.available + change.delta];
    after.set(key, { ...shelf, onHand, available });
  }
  for (const [key, { onHand, reserved }] of after) {
    const shelf = before.get(key);
    if (shelf === undefined) throw new Error('A shelf that was changed was not locked.');
    if (onHand < reserved) return { ok: false, problem: 'SHORT', shelf };
    if (onHand > most) return { ok: false, problem: 'FULL', shelf };
  }
  const { rows } = await client.query<{ id: string }>({
    name: 'change-stock',
    text: CHANGE,
    values: [
      changes.map(({ sku }) => sku),
      changes.map(({ warehouseId }) => warehouseId),
      changes.map(({ kind }) => kind),
      changes.map(({ delta }) => delta),
      changes.map(({ reason }) => reason),
      changes.map(({ transferId }) => transferId),
      changes.map(({ actorId }) => actorId),
    ],
  });
  return { ok: true, movementIds: rows.map(({ id }) => id), shelves: [...after.values()] };
}
