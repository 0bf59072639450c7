import type { ClientBase } from 'pg';

/**
 * Which of these shoppers were erased, guests as well. What they saw may come of Kafka long after that, and is not written
 * down again.
 */
export async function findErasedShoppers(
  client: ClientBase,
  shopperIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (shopperIds.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>({
    name: 'recommendation-erased-shoppers',
    text: `
      select id from users where id = any ($1::uuid[]) and status = 'erased'
      union
      select user_id from privacy_requests
      where user_id = any ($1::uuid[]) and kind = 'erasure' and state in ('working', 'done') and receipt ? 'rows'`,
    values: [[...new Set(shopperIds)]],
  });
  return new Set(rows.map(({ id }) => id));
}
