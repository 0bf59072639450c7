import type { ClientBase, Pool } from 'pg';
import type { OrderState } from '../../contracts/orders/states.ts';

export interface OrderHead {
  readonly id: string;
  readonly status: OrderState;
  /** Of its first line. */
  readonly title: string;
  readonly quantity: number;
  /** Whether the shopper has an address to write to. */
  readonly hasMail: boolean;
}

const FIND = `
  select o.id, o.status, i.title, i.quantity, u.email is not null as "hasMail"
  from orders o join order_items i on i.order_id = o.id and i.line = 1 left join users u on u.id = o.shopper_id
  where o.id = any ($1::uuid[]) and o.id between $2::uuid and $3::uuid and i.order_id between $2::uuid and $3::uuid`;

/** Where these orders are, and what is in them; those that there are. */
export async function findOrderHeads(database: Pool | ClientBase, orderIds: readonly string[]): Promise<OrderHead[]> {
  const sorted = orderIds.toSorted();
  if (sorted.length === 0) return [];
  const values = [sorted, sorted.at(0), sorted.at(-1)];
  const { rows } = await database.query<OrderHead>({ name: 'find-order-heads', text: FIND, values });
  return rows;
}
