/** Units that are set aside and whose time is over, by what the reservations themselves say. */
import type { ClientBase, Pool } from 'pg';

const DUE = `
  select distinct order_id as id from (
    select order_id from reservations where status = 'HELD' and expires_at <= now() order by expires_at limit $1
  ) as due`;

/** Of checkouts or orders, the longest over first. */
export async function dueReservations(database: Pool | ClientBase, most: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>({ name: 'due-reservations', text: DUE, values: [most] });
  return rows.map(({ id }) => id);
}

export interface Postponed {
  readonly id: string;
  readonly untilMs: number;
}

const POSTPONE = `
  with later as materialized (
    select * from unnest($1::uuid[], $2::float8[]) as later (id, until_ms)
  ), free as materialized (
    select id from reservations where order_id = any ($1::uuid[]) and status = 'HELD' for update skip locked
  )
  update reservations r set expires_at = to_timestamp(later.until_ms / 1000)
  from later, free where r.order_id = later.id and r.id = free.id`;

/**
 * Their order has been given more time, or somebody else has it in hand: they are looked at again at that time. By itself,
 * in no transaction that holds anything else.
 */
export async function postponeReservations(database: Pool, orders: readonly Postponed[]): Promise<void> {
  if (orders.length === 0) return;
  const values = [orders.map(({ id }) => id), orders.map(({ untilMs }) => untilMs)];
  await database.query({ name: 'postpone-reservations', text: POSTPONE, values });
}
