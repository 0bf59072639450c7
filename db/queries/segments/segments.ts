/** Groups of shoppers as they were last computed: counts only. */
import type { ClientBase, Pool } from 'pg';

export interface Runs {
  readonly beginAtMs: number;
  readonly dueMs: number;
}

/** True for the one who begins what is due. */
export async function beginRun(database: Pool, { beginAtMs, dueMs }: Runs): Promise<boolean> {
  const { rowCount } = await database.query(
    `update segment_runs set begun_at = to_timestamp($1::float8 / 1000), done_at = null
     where begun_at < to_timestamp($2::float8 / 1000)`,
    [beginAtMs, dueMs],
  );
  return rowCount === 1;
}

/** A run that came to nothing is due again. */
export async function undoRun(database: Pool): Promise<void> {
  await database.query(`update segment_runs set begun_at = '2000-01-01 00:00:00+00'`);
}

export interface CohortRow {
  readonly scopeId: string;
  readonly firstMonth: string;
  readonly month: string;
  readonly shoppers: number;
  readonly orders: number;
}

export async function finishRun(client: ClientBase, cohorts: readonly CohortRow[], nowMs: number): Promise<void> {
  await client.query('delete from cohorts');
  const of = <K extends keyof CohortRow>(key: K) => cohorts.map((row) => row[key]);
  await client.query(
    `insert into cohorts (scope_id, first_month, month, shoppers, orders, computed_at)
     select scope_id, first_month, month, shoppers, orders, to_timestamp($6::float8 / 1000)
     from unnest($1::uuid[], $2::date[], $3::date[], $4::int[], $5::int[]) as given (scope_id, first_month, month, shoppers, orders)`,
    [of('scopeId'), of('firstMonth'), of('month'), of('shoppers'), of('orders'), nowMs],
  );
  await client.query('update segment_runs set done_at = to_timestamp($1::float8 / 1000)', [nowMs]);
}

export async function findRules(database: Pool | ClientBase): Promise<unknown> {
  const { rows } = await database.query<{ rules: unknown }>('select rules from segment_rules order by id desc limit 1');
  return rows[0]?.rules;
}

export async function writeRules(
  client: ClientBase,
  given: { readonly id: string; readonly rules: object; readonly setBy: string },
): Promise<void> {
  await client.query('insert into segment_rules (id, rules, set_by) values ($1, $2, $3)', [
    given.id,
    JSON.stringify(given.rules),
    given.setBy,
  ]);
}

export interface SegmentCounts {
  /** Null where it was never done. */
  readonly computedAtMs: number | null;
  readonly shoppers: number;
  readonly segments: Readonly<Record<string, number>>;
}

export async function countSegments(database: Pool | ClientBase, scopeId: string): Promise<SegmentCounts> {
  const { rows } = await database.query<SegmentCounts>({
    name: 'segments-count',
    text: `
      select (select floor(extract(epoch from done_at) * 1000)::float8 from segment_runs) as "computedAtMs",
        (select count(*)::int from shopper_segments where scope_id = $1) as shoppers,
        coalesce((
          select jsonb_object_agg(segment, count) from (
            select segment, count(*) as count from shopper_segments s cross join lateral unnest(s.segments) as segment
            where s.scope_id = $1 group by segment
          ) counted
        ), '{}') as segments`,
    values: [scopeId],
  });
  return rows[0] ?? { computedAtMs: null, shoppers: 0, segments: {} };
}

export async function findCohorts(
  database: Pool,
  scopeId: string,
  from: string,
): Promise<Omit<CohortRow, 'scopeId'>[]> {
  const { rows } = await database.query<Omit<CohortRow, 'scopeId'>>({
    name: 'cohorts-find',
    text: `select to_char(first_month, 'YYYY-MM') as "firstMonth", to_char(month, 'YYYY-MM') as month, shoppers, orders
      from cohorts where scope_id = $1 and first_month >= $2::date order by first_month, month`,
    values: [scopeId, from],
  });
  return rows;
}
