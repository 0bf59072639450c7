import type { Pool } from 'pg';

/** Remembers that somebody looked at a product, and forgets all but the last ones. False where there is no such product. */
export async function noteView(database: Pool, userId: string, productId: string, keep: number): Promise<boolean> {
  const { rowCount } = await database.query({
    name: 'search-note-view',
    text: `
      with forgotten as (
        delete from product_views where user_id = $1 and product_id in (
          select product_id from product_views where user_id = $1 order by viewed_at desc offset $3
        )
      )
      insert into product_views (user_id, product_id)
      select u.id, p.id from users u, products p where u.id = $1 and p.id = $2 and p.status = 'active'
      on conflict (user_id, product_id) do update set viewed_at = now()`,
    values: [userId, productId, keep],
  });
  return rowCount === 1;
}
