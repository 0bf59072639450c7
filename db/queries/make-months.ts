/** Partitions by month, made ahead: a row of a month that has none would be refused. */
import type { ClientBase, Pool } from 'pg';
import { LIMITS } from '../../contracts/limits.ts';

/** Makes what is missing of this month and those that follow, and says how many partitions that were. Safe at any time. */
export async function makeMonths(database: Pool | ClientBase): Promise<number> {
  const { rows } = await database.query<{ made: number }>(
    `select make_month_partitions((now() at time zone 'utc')::date, $1) as made`,
    [LIMITS.monthsAhead + 1],
  );
  return rows[0]?.made ?? 0;
}

const AHEAD = `
  select coalesce(min(month) - 1, $1)::int as months
  from generate_series(0, $1) as month, unnest($2::text[]) as parent
  where to_regclass(parent || to_char(now() at time zone 'utc' + make_interval(months => month), '_YYYY_MM')) is null`;

/** How many months after this one can be written to, without a gap; -1 when not even this one can be. */
export async function monthsAhead(database: Pool | ClientBase): Promise<number> {
  const parents = ['orders', 'order_items', 'order_status_history', 'payments'];
  const { rows } = await database.query<{ months: number }>(AHEAD, [LIMITS.monthsAhead, parents]);
  return rows[0]?.months ?? -1;
}
