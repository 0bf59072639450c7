/** Products as another search engine indexes them. What is asked for and not among the answers is not on sale. */
import type { ClientBase, Pool } from 'pg';

export interface SearchDocument {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string | null;
  readonly brandId: string | null;
  readonly categories: readonly string[];
  readonly categoryId: string;
  /** Its category and all above it. */
  readonly categoryIds: readonly string[];
  readonly attributes: readonly string[];
  readonly tags: readonly string[];
  readonly priceMinor: number;
  readonly ratingHundredths: number;
  readonly reviews: number;
  readonly sold: number;
  readonly quality: number;
  readonly inStock: boolean;
  readonly createdAtMs: number;
  readonly promotedUntilMs: number | null;
}

export async function searchDocuments(database: Pool | ClientBase, ids: readonly string[]): Promise<SearchDocument[]> {
  const { rows } = await database.query<SearchDocument>(
    `select p.id, p.title, left(p.description, 4000) as description, b.name as brand, b.id as "brandId",
       path.names as categories, s.category_id as "categoryId", path.ids as "categoryIds", s.attributes,
       array(select search_fold(tag) from unnest(p.tags) tag) as tags, s.price_minor::float8 as "priceMinor",
       s.rating_hundredths as "ratingHundredths", s.reviews, s.sold, s.quality, s.in_stock as "inStock",
       floor(extract(epoch from s.created_at) * 1000)::float8 as "createdAtMs",
       floor(extract(epoch from s.promoted_until) * 1000)::float8 as "promotedUntilMs"
     from search_products s
       join products p on p.id = s.product_id
       left join brands b on b.id = s.brand_id,
     lateral (
       with recursive up as (
         select id, name, parent_id from categories where id = s.category_id
         union all select c.id, c.name, c.parent_id from categories c join up on c.id = up.parent_id
       )
       select array_agg(id::text) as ids, array_agg(name) as names from up
     ) as path
     where s.product_id = any ($1::uuid[])`,
    [[...ids]],
  );
  return rows;
}

/** A page of all that can be searched, by id. */
export async function searchedIds(database: Pool, after: string | null, limit: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select product_id as id from search_products where ($1::uuid is null or product_id > $1) order by product_id limit $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}
