/** Units that are set aside and belong to no open checkout and to no order that waits. */
import type { ClientBase, Pool } from 'pg';

const NOBODY = `
  r.status = 'HELD'
  and not exists (select from checkouts c where c.id = r.order_id and c.status = 'OPEN')
  and not exists (
    select from orders o where o.id = r.order_id and o.status not in ('CANCELLED', 'REFUND_PENDING', 'REFUNDED')
  )`;

export interface HeldForNobody {
  readonly orderId: string;
  readonly units: number;
}

export async function heldForNobody(
  database: Pool | ClientBase,
  beforeMs: number,
  most: number,
): Promise<HeldForNobody[]> {
  const { rows } = await database.query<HeldForNobody>({
    name: 'held-for-nobody',
    text: `
      select r.order_id as "orderId", sum(r.quantity)::int as units from reservations r
      where r.created_at < to_timestamp($1::float8 / 1000) and ${NOBODY}
      group by r.order_id order by r.order_id limit $2`,
    values: [beforeMs, most],
  });
  return rows;
}

/** Those of them that are still so, with their reservations locked until the caller's transaction ends. */
export async function lockHeldForNobody(client: ClientBase, orderIds: readonly string[]): Promise<string[]> {
  // A statement of its own, so that the next one sees what an order that was just made says.
  await client.query(
    'select from reservations where order_id = any ($1::uuid[]) order by order_id, id for no key update',
    [orderIds],
  );
  const { rows } = await client.query<{ id: string }>(
    `select distinct r.order_id as id from reservations r where r.order_id = any ($1::uuid[]) and ${NOBODY}`,
    [orderIds],
  );
  return rows.map(({ id }) => id);
}
