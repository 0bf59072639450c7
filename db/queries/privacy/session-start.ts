import type { Pool } from 'pg';

/** When a session that goes on was signed in. */
export async function findSessionStart(database: Pool, userId: string, sessionId: string): Promise<Date | undefined> {
  const text = `
    select created_at as "createdAt" from sessions where id = $2::uuid and user_id = $1::uuid and ended_at is null`;
  const { rows } = await database.query<{ createdAt: Date }>({
    name: 'find-session-start',
    text,
    values: [userId, sessionId],
  });
  return rows[0]?.createdAt;
}
