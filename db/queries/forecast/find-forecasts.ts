/** What is expected, for who sells it. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';
import { epochMs } from '../../product-rows.ts';
import type { ForecastRow } from './write-forecasts.ts';

export interface FoundForecast extends ForecastRow {
  readonly fromDay: string;
  readonly coverage: number;
  readonly madeAt: number;
}

export interface ForecastArticle {
  readonly sku: string;
  readonly title: string;
  readonly merchantId: string;
  /** What can be promised to somebody, over all warehouses. */
  readonly available: number;
  readonly rule: {
    readonly leadDays: number;
    readonly reviewDays: number;
    readonly serviceLevel: number;
    readonly packUnits: number;
    /** False of the merchant's for everything. */
    readonly isOfArticle: boolean;
  } | null;
}

export interface ArticleFilter {
  /** Without one, of all merchants. */
  readonly merchantId: string | null;
  readonly sku: string | null;
  readonly after: string | null;
  readonly limit: number;
}

const ARTICLES = `
  select v.sku, concat_ws(' · ', p.title, nullif(v.title, '')) as title, p.merchant_id as "merchantId",
    coalesce((
      select sum(i.on_hand - i.reserved)::int from inventory i join warehouses w on w.id = i.warehouse_id
      where i.sku = v.sku and w.is_active
    ), 0) as available,
    (
      select jsonb_build_object('leadDays', s.lead_days, 'reviewDays', s.review_days, 'serviceLevel', s.service_level,
        'packUnits', s.pack_units, 'isOfArticle', s.sku is not null)
      from reorder_settings s where s.merchant_id = p.merchant_id and (s.sku = v.sku or s.sku is null)
      order by s.sku nulls last limit 1
    ) as rule
  from variants v join products p on p.id = v.product_id
  where ($1::uuid is null or p.merchant_id = $1) and v.archived_at is null
    and ($2::text is null or v.sku = $2) and ($3::text is null or v.sku > $3)
  order by v.sku limit $4`;

/** Articles by SKU, with what lies on their shelves and the rule they are ordered by. */
export async function findForecastArticles(
  database: Pool | ClientBase,
  { merchantId, sku, after, limit }: ArticleFilter,
): Promise<ForecastArticle[]> {
  const { rows } = await database.query<ForecastArticle>({
    name: 'find-forecast-articles',
    text: ARTICLES,
    values: [merchantId, sku, after, limit],
  });
  return rows;
}

const FORECASTS = `
  select sku, region, model, parameters, from_day::text as "fromDay", mean, low, high, deviation, coverage,
    days_seen as "daysSeen", units_seen as "unitsSeen", ${epochMs('made_at')} as "madeAt"
  from forecasts where sku = any ($1::text[]) and ($2::boolean or region is null) order by sku, region nulls first`;

/** By SKU; that of all regions together first, and the others only if they are asked for. */
export async function findForecasts(
  database: Pool | ClientBase,
  skus: readonly string[],
  { withRegions }: { readonly withRegions: boolean },
): Promise<ReadonlyMap<string, readonly FoundForecast[]>> {
  const { rows } = await database.query<Omit<FoundForecast, 'unitsSeen'> & { unitsSeen: string | number }>({
    name: 'find-forecasts',
    text: FORECASTS,
    values: [skus, withRegions],
  });
  const found = rows.map((row): FoundForecast => ({ ...row, unitsSeen: exact(row.unitsSeen) }));
  return Map.groupBy(found, ({ sku }) => sku);
}
