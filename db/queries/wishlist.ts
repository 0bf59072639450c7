import type { ClientBase, Pool } from 'pg';

export async function listWishlist(
  database: Pool | ClientBase,
  userId: string,
): Promise<{ readonly sku: string; readonly addedAtMs: number }[]> {
  const { rows } = await database.query<{ sku: string; addedAt: Date }>({
    name: 'list-wishlist',
    text: 'select sku, added_at as "addedAt" from wishlist_items where user_id = $1 order by added_at desc, sku',
    values: [userId],
  });
  return rows.map(({ sku, addedAt }) => ({ sku, addedAtMs: addedAt.getTime() }));
}

/** False when the list is full. What is on it already stays as it is. Call it in a transaction: who adds waits their turn. */
export async function addToWishlist(client: ClientBase, userId: string, sku: string, most: number): Promise<boolean> {
  await client.query({
    name: 'lock-wishlist',
    text: 'select from users where id = $1 for no key update',
    values: [userId],
  });
  const { rows } = await client.query<{ fits: boolean }>({
    name: 'add-to-wishlist',
    text: `
      with wished as (select sku from wishlist_items where user_id = $1),
      fits as (select count(*) < $3 or count(*) filter (where sku = $2) > 0 as fits from wished),
      added as (
        insert into wishlist_items (user_id, sku) select $1, $2 from fits where fits on conflict do nothing
      )
      select fits from fits`,
    values: [userId, sku, most],
  });
  return rows[0]?.fits ?? false;
}

export async function removeFromWishlist(database: Pool | ClientBase, userId: string, sku: string): Promise<boolean> {
  const { rowCount } = await database.query({
    name: 'remove-from-wishlist',
    text: 'delete from wishlist_items where user_id = $1 and sku = $2',
    values: [userId, sku],
  });
  return rowCount === 1;
}
