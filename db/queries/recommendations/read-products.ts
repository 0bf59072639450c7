import type { Pool, PoolClient } from 'pg';

/** What a product on sale is said to be, for what is alike. */
export interface DescribedProduct {
  readonly id: string;
  readonly categoryId: string;
  readonly brandId: string | null;
  /** As name=value. */
  readonly attributes: readonly string[];
  /** Stemmed, as the search has them. */
  readonly titleWords: readonly string[];
}

/** Page by page, by id. */
export async function readProducts(
  database: Pool | PoolClient,
  after: string,
  limit: number,
): Promise<readonly DescribedProduct[]> {
  const { rows } = await database.query<DescribedProduct>({
    name: 'recommend-read-products',
    text: `
      select product_id as id, category_id as "categoryId", brand_id as "brandId", attributes,
        tsvector_to_array(ts_filter(document, '{a}')) as "titleWords"
      from search_products where product_id > $1 order by product_id limit $2`,
    values: [after, limit],
  });
  return rows;
}

/** Of each category, what is above it. */
export async function readParents(database: Pool | PoolClient): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ id: string; parent_id: string }>(
    'select id, parent_id from categories where parent_id is not null',
  );
  return new Map(rows.map(({ id, parent_id }) => [id, parent_id]));
}
