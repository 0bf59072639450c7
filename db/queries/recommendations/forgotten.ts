import type { Pool, PoolClient } from 'pg';

/** From now on in no model; their lists are removed within seconds. A repeat changes nothing. */
export async function forgetInRecommendations(database: Pool | PoolClient, userId: string): Promise<void> {
  await database.query('insert into recommendation_forgotten (user_id) values ($1) on conflict do nothing', [userId]);
}

export async function findToForget(database: Pool, limit: number): Promise<readonly string[]> {
  const { rows } = await database.query<{ userId: string }>(
    `select user_id as "userId" from recommendation_forgotten where lists_removed_at is null
     order by forgotten_at limit $1`,
    [limit],
  );
  return rows.map(({ userId }) => userId);
}

/** Page by page, who was forgotten since a time. */
export async function findForgottenSince(
  database: Pool,
  { sinceMs, after, limit }: { sinceMs: number; after: string; limit: number },
): Promise<readonly string[]> {
  const { rows } = await database.query<{ userId: string }>(
    `select user_id as "userId" from recommendation_forgotten
     where forgotten_at >= to_timestamp($1::double precision / 1000) and user_id > $2 order by user_id limit $3`,
    [sinceMs, after, limit],
  );
  return rows.map(({ userId }) => userId);
}

export async function noteForgotten(database: Pool, userIds: readonly string[]): Promise<void> {
  await database.query('update recommendation_forgotten set lists_removed_at = now() where user_id = any ($1)', [
    userIds,
  ]);
}
