import type { ClientBase, Pool } from 'pg';

export interface BlockedOrder {
  readonly orderId: string;
  readonly dropId: string;
  readonly region: string;
}

const FIND = `
  select o.id as "orderId", o.drop_id as "dropId", o.region
  from orders o join order_status_history h on h.order_id = o.id and h.step = o.step
  where o.id = any ($1::uuid[]) and o.status = 'CANCELLED' and h.reason = 'blocked'
    and o.id between $2::uuid and $3::uuid and h.order_id between $2::uuid and $3::uuid`;

/** Which of these orders were blocked when they came in. */
export async function findBlockedOrders(
  database: Pool | ClientBase,
  orderIds: readonly string[],
): Promise<BlockedOrder[]> {
  const sorted = orderIds.toSorted();
  if (sorted.length === 0) return [];
  const values = [sorted, sorted.at(0), sorted.at(-1)];
  const { rows } = await database.query<BlockedOrder>({ name: 'find-blocked-orders', text: FIND, values });
  return rows;
}
