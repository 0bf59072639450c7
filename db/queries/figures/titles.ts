import type { Pool } from 'pg';

export async function titlesOfProducts(
  database: Pool,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (productIds.length === 0) return new Map();
  const { rows } = await database.query<{ id: string; title: string }>({
    name: 'titles-of-products',
    text: 'select id, title from products where id = any ($1::uuid[])',
    values: [productIds],
  });
  return new Map(rows.map(({ id, title }) => [id, title]));
}
