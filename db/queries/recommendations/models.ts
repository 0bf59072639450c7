import type { Pool, PoolClient } from 'pg';

export type ModelState = 'reading' | 'training' | 'writing' | 'served' | 'replaced' | 'failed';

export interface ModelRow {
  readonly version: string;
  readonly state: ModelState;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly users: number;
  readonly products: number;
  readonly interactions: number;
  readonly leftOut: number;
  readonly iteration: number;
  readonly iterations: number;
  readonly loss: number | null;
  readonly lists: number;
  readonly peakBytes: number;
  readonly failure: string | null;
}

const COLUMNS = `version, state, started_at as "startedAt", ended_at as "endedAt", users, products, interactions,
  left_out::float8 as "leftOut", iteration, iterations, loss, lists, peak_bytes::float8 as "peakBytes", failure`;

/** A model that is begun. Whatever was under way is over: one process trains at a time. */
export async function beginModel(
  database: Pool,
  {
    version,
    iterations,
    settings,
  }: { version: string; iterations: number; settings: Readonly<Record<string, unknown>> },
): Promise<void> {
  await database.query(
    `with over as (${END_UNFINISHED}), old as (${DELETE_OLD})
     insert into recommendation_models (version, iterations, settings) values ($1, $2, $3)`,
    [version, iterations, JSON.stringify(settings)],
  );
}

const END_UNFINISHED = `
  update recommendation_models set state = 'failed', ended_at = now(), failure = 'its trainer ended before it was whole'
  where state in ('reading', 'training', 'writing')`;

const DELETE_OLD = `
  delete from recommendation_models where started_at < now() - interval '90 days' and state <> 'served'`;

export interface ModelProgress {
  readonly state: 'reading' | 'training' | 'writing';
  readonly users?: number;
  readonly products?: number;
  readonly interactions?: number;
  readonly leftOut?: number;
  readonly iteration?: number;
  readonly loss?: number;
  readonly lists?: number;
  readonly peakBytes: number;
}

export async function tellProgress(database: Pool, version: string, progress: ModelProgress): Promise<void> {
  const { state, users, products, interactions, leftOut, iteration, loss, lists, peakBytes } = progress;
  await database.query(
    `update recommendation_models set state = $2, users = coalesce($3, users), products = coalesce($4, products),
       interactions = coalesce($5, interactions), left_out = coalesce($6, left_out),
       iteration = coalesce($7, iteration), loss = coalesce($8, loss), lists = coalesce($9, lists),
       peak_bytes = greatest(peak_bytes, $10)
     where version = $1 and state in ('reading', 'training', 'writing')`,
    [version, state, users, products, interactions, leftOut, iteration, loss, lists, peakBytes],
  );
}

export async function failModel(database: Pool, version: string, failure: string): Promise<void> {
  await database.query(
    `update recommendation_models set state = 'failed', ended_at = now(), failure = left($2, 500)
     where version = $1 and state in ('reading', 'training', 'writing')`,
    [version, failure],
  );
}

/** Writes down what Redis serves. A repeat changes nothing. */
export async function noteServed(database: Pool | PoolClient, version: string): Promise<void> {
  await database.query(`update recommendation_models set state = 'replaced' where state = 'served' and version <> $1`, [
    version,
  ]);
  await database.query(
    `update recommendation_models set state = 'served', ended_at = coalesce(ended_at, now()), failure = null
     where version = $1 and state <> 'served'`,
    [version],
  );
}

export async function findServed(database: Pool): Promise<ModelRow | undefined> {
  const { rows } = await database.query<ModelRow>(
    `select ${COLUMNS} from recommendation_models where state = 'served'`,
  );
  return rows[0];
}

/** The newest ones first. */
export async function listModels(database: Pool, limit: number): Promise<readonly ModelRow[]> {
  const { rows } = await database.query<ModelRow>(
    `select ${COLUMNS} from recommendation_models order by started_at desc limit $1`,
    [limit],
  );
  return rows;
}

/** How much shoppers did since a time, counted up to a bound. */
export async function countNew(database: Pool, sinceMs: number, most: number): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::int as count from (
       (select 1 from orders
        where id >= (lpad(to_hex($1::double precision::bigint), 12, '0') || repeat('0', 20))::uuid limit $2)
       union all (select 1 from product_views where viewed_at >= to_timestamp($1::double precision / 1000) limit $2)
     ) as news`,
    [sinceMs, most],
  );
  return rows[0]?.count ?? 0;
}
