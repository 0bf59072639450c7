/** What sells best of all that is in stock: what there is to recommend where there is no model. */
import type { Pool } from 'pg';
import type { ScoredProduct } from '../../../contracts/recommendations.ts';

export async function findBestSold(database: Pool, most: number): Promise<ScoredProduct[]> {
  const { rows } = await database.query<ScoredProduct>({
    name: 'recommendations-find-best-sold',
    text: `
      select product_id as "productId", sold + 1.0::float8 as score
      from search_products where in_stock order by sold desc limit $1`,
    values: [most],
  });
  return rows;
}
