/** What a list of results shows of its products, in the order of the ids. */
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

export async function findShown(database: Pool, ids: readonly string[], nowMs: number): Promise<ShownRow[]> {
  const { rows } = await database.query<ShownRow>({
    name: 'search-find-shown',
    text: `
      select p.id, p.slug, p.title, left(p.description, 4000) as description, p.images, b.id as "brandId", b.name as brand,
        c.id as "categoryId", c.name as category, s.price_minor as "priceMinor", s.currency, s.in_stock as "inStock",
        s.rating_hundredths as "ratingHundredths", s.reviews,
        coalesce(s.promoted_until > to_timestamp($2::float8), false) as promoted
      from unnest($1::uuid[]) with ordinality as wanted (id, place)
        join search_products s on s.product_id = wanted.id
        join products p on p.id = wanted.id and p.status = 'active'
        join categories c on c.id = p.category_id
        left join brands b on b.id = p.brand_id
      order by place`,
    values: [[...ids], nowMs / 1_000],
  });
  return rows;
}
