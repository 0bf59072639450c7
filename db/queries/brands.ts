import type { ClientBase, Pool } from 'pg';
import type { Named } from '../product-rows.ts';

export async function listBrands(
  database: Pool | ClientBase,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Named[]> {
  const { rows } = await database.query<Named>({
    name: 'list-brands',
    text: 'select id, slug, name from brands where ($1::text is null or slug > $1) order by slug limit $2',
    values: [page.after, page.limit],
  });
  return rows;
}

export async function insertBrand(client: ClientBase, brand: Named): Promise<void> {
  await client.query({
    name: 'insert-brand',
    text: 'insert into brands (id, slug, name) values ($1, $2, $3)',
    values: [brand.id, brand.slug, brand.name],
  });
}

export async function updateBrand(client: ClientBase, brand: Named): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'update-brand',
    text: 'update brands set slug = $2, name = $3 where id = $1',
    values: [brand.id, brand.slug, brand.name],
  });
  return rowCount === 1;
}

export async function deleteBrand(client: ClientBase, id: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'delete-brand',
    text: 'delete from brands where id = $1',
    values: [id],
  });
  return rowCount === 1;
}
