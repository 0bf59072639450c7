import type { ClientBase } from 'pg';
import { boundsOf } from '../take-due-payments.ts';

/** Which of these orders were confirmed and are not over, locked until the caller's transaction ends. */
export async function lockSoldOrders(client: ClientBase, orderIds: readonly string[]): Promise<string[]> {
  if (orderIds.length === 0) return [];
  const { rows } = await client.query<{ id: string }>({
    name: 'lock-sold-orders',
    text: `
      select id from orders
      where id = any ($1::uuid[]) and id between $2::uuid and $3::uuid
        and status in ('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED')
      order by id for no key update`,
    values: [orderIds, ...boundsOf(orderIds)],
  });
  return rows.map(({ id }) => id);
}
