import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../../product-rows.ts';
import type { MovementKind } from './change-stock.ts';

export interface StoredMovement {
  readonly id: string;
  readonly sku: string;
  readonly warehouseId: string;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly reason: string;
  readonly transferId: string | null;
  readonly orderId: string | null;
  readonly dropId: string | null;
  readonly at: number;
}

export interface MovementFilter {
  readonly merchantId: string | null;
  readonly sku: string | null;
  readonly warehouseId: string | null;
  readonly kind: MovementKind | null;
  readonly before: string | null;
  readonly limit: number;
}

/** The newest first. Also of articles that are archived by now: what happened, happened. */
export async function listMovements(database: Pool | ClientBase, filter: MovementFilter): Promise<StoredMovement[]> {
  const { merchantId, sku, warehouseId, kind, before, limit } = filter;
  const { rows } = await database.query<StoredMovement>({
    name: 'list-movements',
    text: `
      select m.id, m.sku, m.warehouse_id as "warehouseId", m.kind, m.quantity, m.reason, m.transfer_id as "transferId",
        m.order_id as "orderId", m.drop_id as "dropId", ${epochMs('m.at')} as at
      from inventory_movements m join variants v on v.sku = m.sku join products p on p.id = v.product_id
      where ($1::uuid is null or p.merchant_id = $1) and ($2::text is null or m.sku = $2)
        and ($3::uuid is null or m.warehouse_id = $3) and ($4::movement_kind is null or m.kind = $4)
        and ($5::uuid is null or m.id < $5)
      order by m.id desc limit $6`,
    values: [merchantId, sku, warehouseId, kind, before, limit],
  });
  return rows;
}
