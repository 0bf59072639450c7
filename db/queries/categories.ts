import type { ClientBase, Pool } from 'pg';

export interface StoredCategory {
  readonly id: string;
  readonly parentId: string | null;
  readonly slug: string;
  readonly name: string;
  readonly position: number;
  /** Active products directly in it. */
  readonly products: number;
}

export async function listCategories(database: Pool | ClientBase): Promise<StoredCategory[]> {
  const { rows } = await database.query<StoredCategory>({
    name: 'list-categories',
    text: `
      select c.id, c.parent_id as "parentId", c.slug, c.name, c.position, coalesce(n.products, 0)::int as products
      from categories c
        left join (
          select category_id, count(*) as products from products where status = 'active' group by category_id
        ) n on n.category_id = c.id
      order by c.position, c.name, c.id`,
  });
  return rows;
}

export interface CategoryContent {
  readonly parentId: string | null;
  readonly slug: string;
  readonly name: string;
  readonly position: number;
}

export async function insertCategory(client: ClientBase, id: string, content: CategoryContent): Promise<void> {
  await client.query({
    name: 'insert-category',
    text: 'insert into categories (id, parent_id, slug, name, position) values ($1, $2, $3, $4, $5)',
    values: [id, content.parentId, content.slug, content.name, content.position],
  });
}

/** False when there is none with this id. */
export async function updateCategory(client: ClientBase, id: string, content: CategoryContent): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'update-category',
    text: 'update categories set parent_id = $2, slug = $3, name = $4, position = $5 where id = $1',
    values: [id, content.parentId, content.slug, content.name, content.position],
  });
  return rowCount === 1;
}

export async function deleteCategory(client: ClientBase, id: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'delete-category',
    text: 'delete from categories where id = $1',
    values: [id],
  });
  return rowCount === 1;
}

export async function countCategories(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'count-categories',
    text: 'select count(*)::int as count from categories',
  });
  return rows[0]?.count ?? 0;
}
