/** What was asked for on one day: read from the orders, and written as a whole. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

export interface DaysDemand {
  readonly sku: string;
  /** Of a drop; an order of the store has a country instead. */
  readonly region: string | null;
  readonly country: string | null;
  /** The first digit of a postal code of the United States, otherwise nothing. */
  readonly zone: string;
  readonly units: number;
}

// The time is in the id: the scan stays in its partition, and within it on the primary key.
const ASKED = `
  select i.sku, o.region, a.country,
    case when a.country = 'US' then left(a.postal_code, 1) else '' end as zone, sum(i.quantity)::bigint as units
  from orders o
    join order_items i on i.order_id = o.id
    left join order_addresses a on a.order_id = o.id and o.source = 'store'
  where o.id >= $1::uuid and o.id < $2::uuid
    and exists (select from order_status_history h where h.order_id = o.id and h.status = 'CONFIRMED')
  group by 1, 2, 3, 4`;

/** Orders that were confirmed, whatever became of them later. */
export async function readDaysDemand(database: Pool | ClientBase, day: string): Promise<DaysDemand[]> {
  const { rows } = await database.query<
    Omit<DaysDemand, 'units' | 'country'> & { units: string; country: string | null }
  >({
    name: 'read-days-demand',
    text: ASKED,
    values: [firstIdOf(Date.parse(day)), firstIdOf(Date.parse(day) + DAY_MS)],
  });
  return rows.map((row) => ({ ...row, zone: row.zone ?? '', units: exact(row.units) }));
}

export const DAY_MS = 24 * 3_600_000;

export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** Below every UUIDv7 of that time and above all earlier ones. */
function firstIdOf(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

export interface DayRow {
  readonly sku: string;
  readonly region: string;
  readonly units: number;
  readonly dropUnits: number;
  readonly unmetUnits: number;
}

/** Of who writes sums anew as a whole: two at once (a worker, and somebody with the command) take turns. */
export async function lockDemand(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtext('demand'))`);
}

/** In the caller's transaction: the day is never seen half written. */
export async function writeDay(client: ClientBase, day: string, rows: readonly DayRow[]): Promise<void> {
  await client.query({ name: 'forget-day', text: 'delete from demand_days where day = $1', values: [day] });
  await client.query({
    name: 'write-day',
    text: `
      insert into demand_days (sku, region, day, units, drop_units, unmet_units)
      select sku, region, $1::date, units, drop_units, unmet_units
      from unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::int[]) as row (sku, region, units, drop_units, unmet_units)`,
    values: [
      day,
      rows.map(({ sku }) => sku),
      rows.map(({ region }) => region),
      rows.map(({ units }) => units),
      rows.map(({ dropUnits }) => dropUnits),
      rows.map(({ unmetUnits }) => unmetUnits),
    ],
  });
}

export interface DemandProgress {
  /** All days before it are counted for good. */
  readonly countedUntil: string;
  readonly forecastOn: string | null;
  readonly suggestedOn: string | null;
}

/** Where nothing was counted yet, from the first order on. */
export async function readProgress(database: Pool | ClientBase, earliest: string): Promise<DemandProgress> {
  const { rows } = await database.query<DemandProgress>({
    name: 'read-demand-progress',
    text: `
      select counted_until::text as "countedUntil", forecast_on::text as "forecastOn", suggested_on::text as "suggestedOn"
      from demand_progress`,
  });
  const [found] = rows;
  if (found !== undefined) return found.countedUntil < earliest ? { ...found, countedUntil: earliest } : found;
  const first = await database.query<{ id: string }>('select id from orders order by id limit 1');
  const oldest = first.rows[0] === undefined ? earliest : dayOf(Number.parseInt(idTime(first.rows[0].id), 16));
  return { countedUntil: oldest < earliest ? earliest : oldest, forecastOn: null, suggestedOn: null };
}

const idTime = (id: string) => id.slice(0, 8) + id.slice(9, 13);

export async function noteProgress(
  client: Pool | ClientBase,
  made: { readonly countedUntil: string } | { readonly forecastOn: string } | { readonly suggestedOn: string },
): Promise<void> {
  if ('countedUntil' in made) {
    await client.query({
      name: 'note-counted',
      text: `
        insert into demand_progress (counted_until) values ($1)
        on conflict (id) do update set counted_until = greatest(demand_progress.counted_until, excluded.counted_until)`,
      values: [made.countedUntil],
    });
    return;
  }
  const [column, day] = 'forecastOn' in made ? ['forecast_on', made.forecastOn] : ['suggested_on', made.suggestedOn];
  await client.query(`update demand_progress set ${column} = $1`, [day]);
}

/** Everything is counted anew: after the regions were changed. */
export async function forgetProgress(client: Pool | ClientBase): Promise<void> {
  await client.query('delete from demand_progress');
}
