/** What shoppers of drops asked for and did not get. */
import type { ClientBase, Pool } from 'pg';

export interface RecentDrop {
  readonly dropId: string;
  readonly regions: readonly string[];
}

/** Drops that are sold or were, while Redis knows of them. */
export async function findRecentDrops(
  database: Pool | ClientBase,
  asked: { readonly fromMs: number; readonly nowMs: number; readonly limit: number },
): Promise<RecentDrop[]> {
  const { rows } = await database.query<RecentDrop>({
    name: 'find-recent-drops',
    text: `
      select d.id as "dropId", array(select distinct region::text from drop_allocations a where a.drop_id = d.id) as regions
      from drops d
      where d.state <> 'draft' and d.ends_at > to_timestamp($1::float8 / 1000) and d.starts_at <= to_timestamp($2::float8 / 1000)
      order by d.ends_at desc limit $3`,
    values: [asked.fromMs, asked.nowMs, asked.limit],
  });
  return rows;
}

export interface Refused {
  readonly dropId: string;
  readonly region: string;
  readonly sku: string;
  readonly units: number;
}

/** A count only grows; one that is lower was read after Redis had forgotten the drop. */
export async function keepRefusals(database: Pool | ClientBase, refused: readonly Refused[]): Promise<void> {
  if (refused.length === 0) return;
  await database.query({
    name: 'keep-drop-refusals',
    text: `
      insert into drop_refusals (drop_id, region, sku, units)
      select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[])
      on conflict (drop_id, region, sku) do update
      set units = greatest(drop_refusals.units, excluded.units), updated_at = now()`,
    values: [
      refused.map(({ dropId }) => dropId),
      refused.map(({ region }) => region),
      refused.map(({ sku }) => sku),
      refused.map(({ units }) => units),
    ],
  });
}

/** Of the drops that started on that day; with what each had of the item to give. */
export async function findDaysRefusals(
  database: Pool | ClientBase,
  day: string,
): Promise<(Omit<Refused, 'dropId'> & { readonly given: number })[]> {
  const { rows } = await database.query<Omit<Refused, 'dropId'> & { given: number }>({
    name: 'find-days-refusals',
    text: `
      select r.region, r.sku, r.units,
        (select coalesce(sum(a.units), 0)::int from drop_allocations a where a.drop_id = d.id and a.sku = r.sku) as given
      from drops d join drop_refusals r on r.drop_id = d.id
      where d.starts_at >= $1::date::timestamp at time zone 'UTC'
        and d.starts_at < ($1::date + 1)::timestamp at time zone 'UTC'`,
    values: [day],
  });
  return rows;
}
