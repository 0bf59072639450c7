/** What was asked for by region: what allocations are proposed from. */
import type { ClientBase, Pool } from 'pg';
import { lockDemand } from './count-day.ts';

export interface RegionDemandRow {
  readonly region: string;
  readonly everyday: number;
  readonly dropUnits: number;
  readonly unmetUnits: number;
}

/** Of each category and of the whole shop; in the caller's transaction, so that the old sums are there until the new ones are. */
export async function writeDemandSums(
  client: ClientBase,
  between: { readonly from: string; readonly to: string },
): Promise<void> {
  await lockDemand(client);
  await client.query('delete from demand_sums');
  await client.query({
    name: 'write-demand-sums',
    text: `
      insert into demand_sums (category_id, region, units, drop_units, unmet_units)
      select p.category_id, d.region, sum(d.units), sum(d.drop_units), sum(d.unmet_units)
      from demand_days d join variants v on v.sku = d.sku join products p on p.id = v.product_id
      where d.day >= $1::date and d.day < $2::date
      group by grouping sets ((p.category_id, d.region), (d.region))`,
    values: [between.from, between.to],
  });
}

const SUMS = `
  select region::text, units::float8 as everyday, drop_units::float8 as "dropUnits", unmet_units::float8 as "unmetUnits"
  from demand_sums`;

/** Of the whole shop where no category is given. */
export async function findDemandSums(
  database: Pool | ClientBase,
  categoryId: string | null,
): Promise<RegionDemandRow[]> {
  const { rows } = await database.query<RegionDemandRow>({
    name: 'find-demand-sums',
    text: `${SUMS} where category_id is not distinct from $1`,
    values: [categoryId],
  });
  return rows;
}

export interface ArticleRegions {
  readonly sku: string;
  readonly title: string;
  readonly categoryId: string;
  readonly regions: readonly RegionDemandRow[];
}

const ARTICLES = `
  with of_drops as (
    select sku, region::text as region, 0::float8 as everyday, sum(drop_units)::float8 as dropped, sum(unmet_units)::float8 as unmet
    from demand_days where sku = any ($1::text[]) and day >= $3::date and drop_units + unmet_units > 0 group by 1, 2
  ), of_store as (
    select sku, region::text, (select sum(day) from unnest(mean[1:28]) as day)::float8 as everyday, 0::float8, 0::float8
    from forecasts where sku = any ($1::text[]) and region is not null
  ), together as (
    select sku, region, sum(everyday) as everyday, sum(dropped) as dropped, sum(unmet) as unmet
    from (select * from of_drops union all select * from of_store) as parts (sku, region, everyday, dropped, unmet)
    group by sku, region
  )
  select v.sku, concat_ws(', ', p.title, nullif(v.title, '')) as title, p.category_id as "categoryId",
    coalesce((
      select jsonb_agg(jsonb_build_object('region', t.region, 'everyday', t.everyday, 'dropUnits', t.dropped,
        'unmetUnits', t.unmet))
      from together t where t.sku = v.sku
    ), '[]') as regions
  from variants v join products p on p.id = v.product_id
  where v.sku = any ($1::text[]) and v.archived_at is null and p.merchant_id = $2`;

/** Only those of this merchant: what the store is expected to sell in four weeks, and what drops sold since a day. */
export async function findArticleRegions(
  database: Pool | ClientBase,
  asked: { readonly skus: readonly string[]; readonly merchantId: string; readonly since: string },
): Promise<ArticleRegions[]> {
  const { rows } = await database.query<ArticleRegions>({
    name: 'find-article-regions',
    text: ARTICLES,
    values: [asked.skus, asked.merchantId, asked.since],
  });
  return rows;
}

/** Of the last drops of a merchant, whatever they sold. */
export async function findMerchantDrops(
  database: Pool | ClientBase,
  asked: { readonly merchantId: string; readonly since: string; readonly drops: number },
): Promise<RegionDemandRow[]> {
  const { rows } = await database.query<RegionDemandRow>({
    name: 'find-merchant-drop-demand',
    text: `
      select region::text, 0::float8 as everyday, sum(drop_units)::float8 as "dropUnits",
        sum(unmet_units)::float8 as "unmetUnits"
      from demand_days
      where day >= $2::date and drop_units + unmet_units > 0 and sku in (
        select s.sku from drop_skus s join (
          select id from drops where merchant_id = $1 and state <> 'draft' order by starts_at desc limit $3
        ) d on d.id = s.drop_id
      )
      group by region`,
    values: [asked.merchantId, asked.since, asked.drops],
  });
  return rows;
}
