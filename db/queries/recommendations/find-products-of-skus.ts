import type { Pool } from 'pg';

/** Which product an article is one of. That never changes. */
export async function findProductsOfSkus(
  database: Pool,
  skus: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ sku: string; productId: string }>({
    name: 'recommendations-find-products-of-skus',
    text: `select sku, product_id as "productId" from variants where sku = any ((select $1::text[])::text[])`,
    values: [[...skus]],
  });
  return new Map(rows.map(({ sku, productId }) => [sku, productId]));
}
