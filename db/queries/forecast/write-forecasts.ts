import type { ClientBase, Pool } from 'pg';

export interface ForecastRow {
  readonly sku: string;
  /** Null for all regions together. */
  readonly region: string | null;
  readonly model: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly deviation: readonly number[];
  readonly daysSeen: number;
  readonly unitsSeen: number;
}

export interface ForecastRun {
  readonly fromDay: string;
  readonly coverage: number;
  readonly madeAtMs: number;
}

// An article may be removed between its reading and its writing.
const WRITE = `
  insert into forecasts (sku, region, model, parameters, from_day, mean, low, high, deviation, coverage, days_seen, units_seen,
    made_at)
  select r.sku, r.region, r.model, r.parameters, $2, r.mean, r.low, r.high, r.deviation, $3, r."daysSeen", r."unitsSeen",
    to_timestamp($4::float8 / 1000)
  from jsonb_to_recordset($1::jsonb) as r (
    sku text, region text, model text, parameters jsonb, mean real[], low real[], high real[], deviation real[],
    "daysSeen" int, "unitsSeen" bigint
  )
  where exists (select from variants v where v.sku = r.sku)
  on conflict (sku, region) do update set
    (model, parameters, from_day, mean, low, high, deviation, coverage, days_seen, units_seen, made_at) =
    (excluded.model, excluded.parameters, excluded.from_day, excluded.mean, excluded.low, excluded.high, excluded.deviation,
     excluded.coverage, excluded.days_seen, excluded.units_seen, excluded.made_at)`;

export async function writeForecasts(
  database: Pool | ClientBase,
  rows: readonly ForecastRow[],
  { fromDay, coverage, madeAtMs }: ForecastRun,
): Promise<void> {
  if (rows.length === 0) return;
  await database.query({
    name: 'write-forecasts',
    text: WRITE,
    values: [JSON.stringify(rows), fromDay, coverage, madeAtMs],
  });
}

/** Of articles that are not on sale any more, or that nobody asks for: what an earlier run left. */
export async function forgetOldForecasts(database: Pool | ClientBase, madeBeforeMs: number): Promise<number> {
  const { rowCount } = await database.query({
    name: 'forget-old-forecasts',
    text: 'delete from forecasts where made_at < to_timestamp($1::float8 / 1000)',
    values: [madeBeforeMs],
  });
  return rowCount ?? 0;
}
