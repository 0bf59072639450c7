import type { ClientBase } from 'pg';

export interface Drawn {
  readonly sku: string;
  readonly warehouseId: string;
  readonly units: number;
}

const DRAW = `
  with drawn as materialized (
    select * from unnest($2::text[], $3::uuid[], $4::integer[]) as drawn (sku, warehouse_id, units)
  ), noted as (
    insert into drop_stock (drop_id, sku, warehouse_id, units) select $1, sku, warehouse_id, units from drawn
  )
  update inventory i set reserved = i.reserved + drawn.units, updated_at = now()
  from drawn where i.sku = drawn.sku and i.warehouse_id = drawn.warehouse_id`;

/**
 * Promises units of shelves that the caller has locked to a drop, in the transaction that schedules it. A drop draws
 * once: a second time breaks the primary key, and a shelf that has less refuses it (`reserved_is_on_hand`).
 */
export async function drawStock(client: ClientBase, dropId: string, drawn: readonly Drawn[]): Promise<void> {
  const { rowCount } = await client.query({
    name: 'draw-drop-stock',
    text: DRAW,
    values: [
      dropId,
      drawn.map(({ sku }) => sku),
      drawn.map(({ warehouseId }) => warehouseId),
      drawn.map(({ units }) => units),
    ],
  });
  if (rowCount !== drawn.length) throw new Error(`a shelf of drop ${dropId} is gone`);
}
