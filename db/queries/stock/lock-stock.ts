import type { ClientBase } from 'pg';

/** Goods in one place. */
export interface Shelf {
  readonly sku: string;
  readonly warehouseId: string;
}

export interface LockedShelf extends Shelf {
  readonly onHand: number;
  readonly reserved: number;
  /** What can be promised to somebody: nothing of a warehouse that is closed. */
  readonly available: number;
}

/** An id has always the same length, so that no two shelves have the same name. */
export function shelfKey({ sku, warehouseId }: Shelf): string {
  return `${warehouseId}${sku}`;
}

/**
 * Everybody who changes stock locks it here first: in the order of (sku, warehouse), so that two with the same shelves
 * meet one another in turn and never deadlock. NO KEY UPDATE, as a plain FOR UPDATE would also stop whoever only writes
 * a row that names the shelf.
 *
 * `reason` goes into `inventory.updated`, for the rest of the transaction or until the next call.
 */
export async function lockStock(
  client: ClientBase,
  shelves: readonly Shelf[],
  reason: string,
): Promise<ReadonlyMap<string, LockedShelf>> {
  const { rows } = await client.query<LockedShelf>({
    name: 'lock-stock',
    text: `
      select i.sku, i.warehouse_id as "warehouseId", i.on_hand as "onHand", i.reserved,
        case when w.is_active then i.on_hand - i.reserved else 0 end as available
      from (select set_config('dropgate.reason', $3, true)) as reason,
        inventory i join warehouses w on w.id = i.warehouse_id
      where (i.sku, i.warehouse_id) in (select * from unnest($1::text[], $2::uuid[]))
      order by i.sku, i.warehouse_id for no key update of i`,
    values: [shelves.map(({ sku }) => sku), shelves.map(({ warehouseId }) => warehouseId), reason],
  });
  return new Map(rows.map((shelf) => [shelfKey(shelf), shelf]));
}
