/** What a list of results shows of its products, in the order of the ids, and the names of its facets: one statement. */
import type { Pool } from 'pg';

export interface ShownRow {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly images: readonly unknown[];
  readonly brandId: string | null;
  readonly brand: string | null;
  readonly categoryId: string;
  readonly category: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly inStock: boolean;
  readonly ratingHundredths: number;
  readonly reviews: number;
  readonly promoted: boolean;
}

export interface Shown {
  readonly products: readonly ShownRow[];
  /** Of the categories and brands that were asked for, by id: facets count ids. */
  readonly names: Readonly<Record<string, string>>;
}

export async function findShown(
  database: Pool,
  wanted: { readonly ids: readonly string[]; readonly namesOf: readonly string[]; readonly nowMs: number },
): Promise<Shown> {
  const { rows } = await database.query<Shown>({
    name: 'search-find-shown',
    text: `
      with shown as (
        select place, p.id, p.slug, p.title, left(p.description, 4000) as description, p.images, b.id as "brandId", b.name as brand,
          c.id as "categoryId", c.name as category, s.price_minor as "priceMinor", s.currency, s.in_stock as "inStock",
          s.rating_hundredths as "ratingHundredths", s.reviews,
          coalesce(s.promoted_until > to_timestamp($2::float8), false) as promoted
        from unnest($1::uuid[]) with ordinality as wanted (id, place)
          join search_products s on s.product_id = wanted.id
          join products p on p.id = wanted.id and p.status = 'active'
          join categories c on c.id = p.category_id
          left join brands b on b.id = p.brand_id
      ), named as (
        select id, name from categories where id = any ($3::uuid[])
        union all select id, name from brands where id = any ($3::uuid[])
      )
      select (select coalesce(json_agg(shown order by place), '[]') from shown) as products,
        (select coalesce(json_object_agg(id, name), '{}') from named) as names`,
    values: [[...wanted.ids], wanted.nowMs / 1_000, [...wanted.namesOf]],
  });
  return rows[0] ?? { products: [], names: {} };
}
