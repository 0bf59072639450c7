import type { ClientBase, Pool } from 'pg';
import { exact } from '../exact.ts';
import {
  epochMs,
  IS_IN_STOCK,
  type Named,
  type ProductImage,
  type ProductStatus,
  type Translation,
} from '../product-rows.ts';

/** What one minor unit of a currency is worth in those of the currency that is asked for: a decimal number as text. */
export interface Worth {
  readonly currency: string;
  readonly factor: string;
}

export type ProductSort = 'newest' | 'price-up' | 'price-down' | 'title';

/** Where the page before ended: the key of its sort, and the id. */
export interface ProductPlace {
  readonly key: string;
  readonly id: string;
}

export interface ProductFilter {
  readonly status: ProductStatus | 'any';
  readonly merchantId?: string;
  /** A category, with all below it. */
  readonly categorySlug?: string;
  readonly brandSlug?: string;
  readonly minPrice?: number;
  readonly maxPrice?: number;
  /** All of them. */
  readonly tags?: readonly string[];
  /** All of them, of one variant. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly inStock?: boolean;
  readonly sort: ProductSort;
  readonly after?: ProductPlace;
  readonly limit: number;
  /** Of every currency that products are priced in: needed for sorts and bounds of price. */
  readonly worths: readonly Worth[];
  readonly languages: readonly string[];
}

export interface ListedProduct {
  readonly id: string;
  readonly merchantId: string;
  readonly slug: string;
  readonly status: ProductStatus;
  readonly language: string;
  readonly title: string;
  readonly category: Named;
  readonly brand: Named | null;
  readonly tags: readonly string[];
  readonly image: ProductImage | null;
  readonly price: number | null;
  readonly currency: string | null;
  readonly createdAt: number;
  readonly translations: Readonly<Record<string, Translation>>;
  /** Of the sort, for the place after it. */
  readonly key: string;
}

const PRICE = 'p.lowest_price_minor';
const TITLE = 'lower(p.title collate pg_c_utf8)';

/** Each with the order of an index, so that a page costs the same wherever in the list it is. */
const SORTS: Readonly<Record<ProductSort, { readonly key: string; readonly order: string; readonly outer: string }>> = {
  newest: { key: `''`, order: 'p.id desc', outer: 'page.id desc' },
  title: { key: TITLE, order: `${TITLE}, p.id`, outer: 'page.key collate pg_c_utf8, page.id' },
  'price-up': { key: `${PRICE} * worth.factor`, order: `${PRICE}, p.id`, outer: 'page.key, page.id' },
  'price-down': {
    key: `${PRICE} * worth.factor`,
    order: `${PRICE} desc, p.id desc`,
    outer: 'page.key desc, page.id desc',
  },
};

/**
 * One page of one sort. Sorted by price, each currency has an order of its own, and they are merged; so are the newest of
 * a category and of those below it, as a plan that walks through all of the newest would pass over most of the catalog.
 */
export async function listProducts(database: Pool | ClientBase, filter: ProductFilter): Promise<ListedProduct[]> {
  const values: unknown[] = [];
  const param = (value: unknown): string => `$${values.push(value)}`;
  const sort = SORTS[filter.sort];
  const byPrice = filter.sort === 'price-up' || filter.sort === 'price-down';
  const limit = param(filter.limit);
  const worths = needsWorths(filter) ? worthsOf(filter, param) : '';
  const byCategory = filter.sort === 'newest' && filter.categorySlug !== undefined;
  const below = filter.categorySlug === undefined ? '' : categoriesBelow(param(filter.categorySlug));
  const conditions = [...filterConditions(filter, param), ...boundConditions(filter, byPrice, worths, param)];
  if (byCategory) conditions.push('p.category_id = of_category.id');
  else if (below !== '') conditions.push(`p.category_id = any (array(${below}))`);
  if (byPrice) conditions.push('p.lowest_price_currency = worth.currency');
  if (filter.after !== undefined) conditions.push(...placeConditions(filter.sort, filter.after, param));
  const where = conditions.join('\n      and ');
  const found = `select p.id, ${sort.key} as key from products p where ${where} order by ${sort.order} limit ${limit}`;
  const streams = byPrice ? worths : byCategory ? `(${below}) of_category` : undefined;
  const page =
    streams === undefined ? found : `select one.id, one.key from ${streams} cross join lateral (${found}) one`;
  const text = `
    with page as materialized (
      select page.id, page.key from (${page}) page order by ${sort.outer} limit ${limit}
    )
    select p.id, p.merchant_id as "merchantId", p.slug, p.status, p.language, p.title, p.tags, p.images -> 0 as image,
      ${PRICE} as price, p.lowest_price_currency as currency, ${epochMs('p.created_at')} as "createdAt",
      json_build_object('id', c.id, 'slug', c.slug, 'name', c.name) as category,
      case when b.id is not null then json_build_object('id', b.id, 'slug', b.slug, 'name', b.name) end as brand,
      (
        select coalesce(json_object_agg(t.language, json_build_object('title', t.title, 'description', '')), '{}')
        from product_translations t where t.product_id = p.id and t.language = any (${param(filter.languages)}::text[])
      ) as translations,
      page.key::text as key
    from page join products p using (id) join categories c on c.id = p.category_id
      left join brands b on b.id = p.brand_id
    order by ${sort.outer}`;
  const { rows } = await database.query<Omit<ListedProduct, 'price'> & { price: string | null }>({ text, values });
  return rows.map((row) => ({ ...row, price: row.price === null ? null : exact(row.price) }));
}

type Param = (value: unknown) => string;

/** A parameter that nothing mentions has no type, and is refused. */
function needsWorths({ sort, minPrice, maxPrice }: ProductFilter): boolean {
  return sort === 'price-up' || sort === 'price-down' || minPrice !== undefined || maxPrice !== undefined;
}

function worthsOf({ worths }: ProductFilter, param: Param): string {
  const currencies = param(worths.map(({ currency }) => currency));
  const factors = param(worths.map(({ factor }) => factor));
  return `unnest(${currencies}::bpchar[], ${factors}::numeric[]) as worth (currency, factor)`;
}

function categoriesBelow(slug: string): string {
  return `with recursive below as (
      select id from categories where slug = ${slug}
      union all select c.id from categories c join below on c.parent_id = below.id
    ) select id from below`;
}

function filterConditions(filter: ProductFilter, param: Param): string[] {
  const conditions: string[] = [];
  // Written out, not a parameter: a partial index is only used for what the plan can see.
  if (filter.status !== 'any') conditions.push(`p.status = '${filter.status}'`);
  if (filter.merchantId !== undefined) conditions.push(`p.merchant_id = ${param(filter.merchantId)}`);
  if (filter.brandSlug !== undefined) {
    conditions.push(`p.brand_id = (select id from brands where slug = ${param(filter.brandSlug)})`);
  }
  if (filter.tags !== undefined && filter.tags.length > 0) conditions.push(`p.tags @> ${param(filter.tags)}::text[]`);
  const variant: string[] = [];
  if (filter.attributes !== undefined)
    variant.push(`v.attributes @> ${param(JSON.stringify(filter.attributes))}::jsonb`);
  if (filter.inStock !== undefined && filter.inStock) variant.push(IS_IN_STOCK);
  if (variant.length > 0) {
    const sold = 'v.product_id = p.id and v.archived_at is null';
    conditions.push(`exists (select from variants v where ${sold} and ${variant.join(' and ')})`);
  }
  return conditions.length === 0 ? ['true'] : conditions;
}

function boundConditions(filter: ProductFilter, byPrice: boolean, worths: string, param: Param): string[] {
  const { minPrice, maxPrice } = filter;
  if (minPrice === undefined && maxPrice === undefined) return [];
  const converted = `${PRICE} * worth.factor`;
  const bounds = [
    ...(minPrice === undefined ? [] : [`${converted} >= ${param(minPrice)}`]),
    ...(maxPrice === undefined ? [] : [`${converted} <= ${param(maxPrice)}`]),
  ];
  if (byPrice) {
    // Told once more in the currency's own units, which its index can begin and end at.
    if (minPrice !== undefined) bounds.push(`${PRICE} >= floor(${param(minPrice)}::numeric / worth.factor)::bigint`);
    if (maxPrice !== undefined) bounds.push(`${PRICE} <= ceil(${param(maxPrice)}::numeric / worth.factor)::bigint`);
    return bounds;
  }
  return [`exists (select from ${worths} where worth.currency = p.lowest_price_currency and ${bounds.join(' and ')})`];
}

function placeConditions(sort: ProductSort, { key, id }: ProductPlace, param: Param): string[] {
  const place = `${param(id)}::uuid`;
  if (sort === 'newest') return [`p.id < ${place}`];
  if (sort === 'title') return [`(${TITLE}, p.id) > (${param(key)}::text collate pg_c_utf8, ${place})`];
  const at = `${param(key)}::numeric`;
  // The first condition is one that the index of a currency can begin at; the second is the exact place.
  return sort === 'price-up'
    ? [`${PRICE} >= floor(${at} / worth.factor)::bigint`, `(${PRICE} * worth.factor, p.id) > (${at}, ${place})`]
    : [`${PRICE} <= ceil(${at} / worth.factor)::bigint`, `(${PRICE} * worth.factor, p.id) < (${at}, ${place})`];
}

/** The currencies that active products are priced in, by as many looks into an index as there are. */
export async function listPriceCurrencies(database: Pool | ClientBase): Promise<string[]> {
  const { rows } = await database.query<{ currency: string }>({
    name: 'list-price-currencies',
    text: `
      with recursive found as (
        (select lowest_price_currency as currency from products
          where status = 'active' and lowest_price_currency is not null order by lowest_price_currency limit 1)
        union all
        select (select lowest_price_currency from products
          where status = 'active' and lowest_price_currency > found.currency order by lowest_price_currency limit 1)
        from found where found.currency is not null
      )
      select currency from found where currency is not null`,
  });
  return rows.map(({ currency }) => currency);
}
