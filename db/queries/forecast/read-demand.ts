/** Demand as forecasts are made from it. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

export interface ArticleDemand {
  readonly sku: string;
  readonly categoryId: string;
  /** The first day on which it could be asked for. */
  readonly since: string;
  readonly regions: readonly RegionDemand[];
}

/** Days with demand only; the others are days without. */
export interface RegionDemand {
  readonly region: string;
  /** Of the first day that is looked at: 0, 1, 2 … */
  readonly days: readonly number[];
  readonly units: readonly number[];
}

const ARTICLES = `
  select v.sku, p.category_id as "categoryId", to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD') as since,
    coalesce((
      select jsonb_agg(jsonb_build_object('region', d.region, 'days', d.days, 'units', d.units) order by d.region)
      from (
        select region, jsonb_agg(day - $2::date order by day) as days, jsonb_agg(units order by day) as units
        from demand_days where sku = v.sku and day >= $2 and day < $3 and units > 0 group by region
      ) d
    ), '[]') as regions
  from variants v join products p on p.id = v.product_id
  where v.archived_at is null and p.status = 'active' and ($1::text is null or v.sku > $1)
    and ($5::text is null or v.sku = $5)
  order by v.sku limit $4`;

/** Articles on sale by SKU; `sku` for one of them only. */
export async function readArticles(
  database: Pool | ClientBase,
  asked: {
    readonly after: string | null;
    readonly from: string;
    readonly to: string;
    readonly limit: number;
    readonly sku?: string;
  },
): Promise<ArticleDemand[]> {
  const { after, from, to, limit, sku = null } = asked;
  const { rows } = await database.query<ArticleDemand>({
    name: 'read-article-demand',
    text: ARTICLES,
    values: [after, from, to, limit, sku],
  });
  return rows;
}

/** What the articles of a category sold, as sums: of one region, or with null of all. */
export interface CategoryDemand {
  readonly categoryId: string;
  readonly region: string | null;
  /** Articles on sale all the time, with demand or without. */
  readonly articles: number;
  readonly units: number;
  /** The sum of the squares of what each article sold. */
  readonly squares: number;
  /** Units on each weekday, the first that of the day `to`. */
  readonly week: readonly number[];
}

const RATES = `
  with on_sale as (
    select p.category_id, v.sku from variants v join products p on p.id = v.product_id
    where v.archived_at is null and p.status = 'active' and v.created_at < $1::date
  ), counted as (
    select category_id, count(*)::int as articles from on_sale group by category_id
  ), sold as (
    select o.category_id, d.region, d.sku, sum(d.units)::float8 as units
    from demand_days d join on_sale o on o.sku = d.sku
    where d.day >= $1::date and d.day < $2::date
    group by grouping sets ((o.category_id, d.region, d.sku), (o.category_id, d.sku))
  ), weekdays as (
    select o.category_id, d.region, (d.day - $2::date + 371) % 7 as weekday, sum(d.units)::float8 as units
    from demand_days d join on_sale o on o.sku = d.sku
    where d.day >= $1::date and d.day < $2::date
    group by grouping sets ((o.category_id, d.region, weekday), (o.category_id, weekday))
  )
  select s.category_id as "categoryId", s.region, c.articles, sum(s.units) as units, sum(s.units * s.units) as squares,
    array(
      select coalesce((
        select w.units from weekdays w
        where w.category_id = s.category_id and w.region is not distinct from s.region and w.weekday = day
      ), 0) from generate_series(0, 6) as day order by day
    ) as week
  from sold s join counted c on c.category_id = s.category_id
  group by s.category_id, s.region, c.articles`;

/** From one day up to another one; articles that came later are left out. Categories without demand have no row. */
export async function readCategoryDemand(
  database: Pool | ClientBase,
  between: { readonly from: string; readonly to: string },
): Promise<CategoryDemand[]> {
  const { rows } = await database.query<CategoryDemand>({
    name: 'read-category-demand',
    text: RATES,
    values: [between.from, between.to],
  });
  return rows;
}

/** Whether there is enough to look back at. */
export async function countDemand(database: Pool | ClientBase): Promise<{ days: number; units: number }> {
  const { rows } = await database.query<{ days: number; units: string }>(
    'select count(distinct day)::int as days, coalesce(sum(units), 0)::bigint as units from demand_days',
  );
  return { days: rows[0]?.days ?? 0, units: exact(rows[0]?.units ?? 0) };
}
