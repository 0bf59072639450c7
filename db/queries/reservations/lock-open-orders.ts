import type { ClientBase } from 'pg';
import type { OrderState } from '../../../contracts/orders/states.ts';
import { boundsOf } from '../take-due-payments.ts';

/*
 * NO KEY UPDATE: nobody waits who only names the order. In the order of the ids, so that two batches meet one another in
 * turn; a statement of its own, so that the next one sees what they waited for.
 */
const LOCK = `
  select id, status from orders
  where id = any ($1::uuid[]) and id between $2::uuid and $3::uuid and status in ('PENDING', 'REVIEW')
  order by id for no key update`;

/** Locks those orders that still wait for their payment, until the caller's transaction ends, and says how each stands. */
export async function lockOpenOrders(
  client: ClientBase,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderState>> {
  if (orderIds.length === 0) return new Map();
  const { rows } = await client.query<{ id: string; status: OrderState }>({
    name: 'lock-open-orders',
    text: LOCK,
    values: [orderIds, ...boundsOf(orderIds)],
  });
  return new Map(rows.map(({ id, status }) => [id, status]));
}
