import type { ClientBase, Pool } from 'pg';
import { titleOfOrder } from '../take-due-payments.ts';

/** How an order is called in a mail. */
export async function orderTitle(database: Pool | ClientBase, orderId: string): Promise<string> {
  const { rows } = await database.query<{ title: string; lines: number }>({
    name: 'order-title',
    text: `select title, count(*) over ()::int as lines from order_items where order_id = $1 order by line limit 1`,
    values: [orderId],
  });
  const first = rows[0];
  return first === undefined ? orderId : titleOfOrder(first.title, first.lines);
}
