/** What a price is suggested from. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';
import type { PriceBounds } from './price-bounds.ts';

export interface PricedArticle {
  readonly sku: string;
  readonly categoryId: string;
  readonly price: number;
  readonly currency: string;
  readonly bounds: PriceBounds;
  readonly available: number;
  /** Past prices in the currency of now, the oldest first. */
  readonly history: readonly { readonly atMs: number; readonly price: number }[];
  /** Units a day, days counted from the first that is looked at. */
  readonly demand: readonly { readonly day: number; readonly units: number }[];
  /** Over the days asked for, at the price of now; null where nothing is expected. */
  readonly expected: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null;
}

const PRICED = `
  select v.sku, p.category_id as "categoryId", v.price_minor as price, v.currency,
    jsonb_build_object('floor', b.floor_minor, 'ceiling', b.ceiling_minor, 'cost', b.cost_minor, 'currency', b.currency) as bounds,
    coalesce((
      select sum(i.on_hand - i.reserved)::int from inventory i join warehouses w on w.id = i.warehouse_id
      where i.sku = v.sku and w.is_active
    ), 0) as available,
    coalesce((
      select jsonb_agg(jsonb_build_object('atMs', floor(extract(epoch from h.at) * 1000)::bigint, 'price', h.price_minor)
        order by h.position)
      from (
        select position, at, price_minor from price_history
        where variant_id = v.id and currency = v.currency order by position desc limit $5
      ) h
    ), '[]') as history,
    coalesce((
      select jsonb_agg(jsonb_build_object('day', d.day - $2::date, 'units', d.units) order by d.day)
      from (
        select day, sum(units)::int as units from demand_days
        where sku = v.sku and day >= $2 and day < $3 group by day
      ) d
    ), '[]') as demand,
    (
      select jsonb_build_object('mean', f.mean, 'deviation', f.deviation) from forecasts f
      where f.sku = v.sku and f.region is null
    ) as expected
  from price_bounds b join variants v on v.sku = b.sku join products p on p.id = v.product_id
  where v.archived_at is null and p.status = 'active' and b.currency = v.currency and ($1::text is null or b.sku > $1)
  order by b.sku limit $4`;

/** Articles that their merchant wants prices suggested of, by SKU. */
export async function readPriced(
  database: Pool | ClientBase,
  asked: {
    readonly after: string | null;
    readonly from: string;
    readonly to: string;
    readonly limit: number;
    readonly prices: number;
  },
): Promise<PricedArticle[]> {
  const { rows } = await database.query<Omit<PricedArticle, 'price'> & { price: string | number }>({
    name: 'read-priced-articles',
    text: PRICED,
    values: [asked.after, asked.from, asked.to, asked.limit, asked.prices],
  });
  return rows.map((row) => ({ ...row, price: exact(row.price) }));
}
