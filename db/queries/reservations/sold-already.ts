import type { ClientBase } from 'pg';

/** Which of these orders have all of their units sold. One that has none set aside is not among them. */
export async function soldAlready(client: ClientBase, orderIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (orderIds.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>({
    name: 'sold-already',
    text: `
      select order_id as id from reservations where order_id = any ($1::uuid[])
      group by order_id having bool_and(status = 'SOLD')`,
    values: [orderIds],
  });
  return new Set(rows.map(({ id }) => id));
}
