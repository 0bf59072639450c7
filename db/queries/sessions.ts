/** Sessions and their refresh tokens. Times are the caller's, so that one clock decides what is over. */
import type { ClientBase, Pool } from 'pg';

export interface StoredSession {
  readonly id: string;
  readonly client: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly usedAt: Date;
  readonly expiresAt: Date;
}

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly client: string;
  readonly address: string;
  readonly now: Date;
  readonly expiresAt: Date;
}

export type SessionEnd = 'logout' | 'reuse' | 'password' | 'revoked' | 'blocked' | 'too-many';

export async function insertSession(database: Pool | ClientBase, session: NewSession): Promise<void> {
  const text = `
    insert into sessions (id, user_id, client, address, created_at, used_at, expires_at)
    values ($1, $2, $3, $4, $5, $5, $6)`;
  const { id, userId, client, address, now, expiresAt } = session;
  await database.query({ name: 'insert-session', text, values: [id, userId, client, address, now, expiresAt] });
}

export interface NewRefreshToken {
  readonly hash: Buffer;
  readonly sessionId: string;
  readonly parent: Buffer | null;
  readonly now: Date;
  readonly expiresAt: Date;
}

export async function insertRefreshToken(database: Pool | ClientBase, token: NewRefreshToken): Promise<void> {
  const text = `
    insert into refresh_tokens (hash, session_id, parent, issued_at, expires_at) values ($1, $2, $3, $4, $5)`;
  const values = [token.hash, token.sessionId, token.parent, token.now, token.expiresAt];
  await database.query({ name: 'insert-refresh-token', text, values });
}

export interface PresentedToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly repeats: number;
  /** Whether one that came of it was exchanged itself. */
  readonly isOvertaken: boolean;
  readonly endedAt: Date | null;
  readonly client: string;
  readonly address: string;
}

/** Whoever else brings a token of this session waits until the transaction is over. */
export async function lockRefreshToken(client: ClientBase, hash: Buffer): Promise<PresentedToken | undefined> {
  const lock = `
    select id from sessions where id = (select session_id from refresh_tokens where hash = $1) for update`;
  await client.query({ name: 'lock-session', text: lock, values: [hash] });
  // A statement of its own: it sees what the one who was waited for has written.
  const text = `
    select t.session_id as "sessionId", s.user_id as "userId", t.expires_at as "expiresAt", t.used_at as "usedAt",
      t.repeats, s.ended_at as "endedAt", s.client, s.address,
      exists (select from refresh_tokens n where n.parent = t.hash and n.used_at is not null) as "isOvertaken"
    from refresh_tokens t join sessions s on s.id = t.session_id where t.hash = $1`;
  return (await client.query<PresentedToken>({ name: 'find-refresh-token', text, values: [hash] })).rows[0];
}

export async function useRefreshToken(client: ClientBase, hash: Buffer, now: Date): Promise<void> {
  const text = `
    update refresh_tokens set used_at = coalesce(used_at, $2),
      repeats = repeats + case when used_at is null then 0 else 1 end
    where hash = $1`;
  await client.query({ name: 'use-refresh-token', text, values: [hash, now] });
}

export async function touchSession(
  client: ClientBase,
  session: { readonly id: string; readonly now: Date; readonly expiresAt: Date; readonly address: string },
): Promise<void> {
  const text = 'update sessions set used_at = $2, expires_at = $3, address = $4 where id = $1';
  const values = [session.id, session.now, session.expiresAt, session.address];
  await client.query({ name: 'touch-session', text, values });
}

export interface EndedSessions {
  readonly userId: string;
  /** Only this one, or all but this one. */
  readonly only?: string | undefined;
  readonly except?: string | undefined;
  readonly by: SessionEnd;
  readonly now: Date;
}

/** How many were open and are not any more. */
export async function endSessions(database: Pool | ClientBase, ended: EndedSessions): Promise<number> {
  const text = `
    update sessions set ended_at = $2, ended_by = $3
    where user_id = $1::uuid and ended_at is null and ($4::uuid is null or id = $4) and ($5::uuid is null or id <> $5)`;
  const values = [ended.userId, ended.now, ended.by, ended.only ?? null, ended.except ?? null];
  return (await database.query({ name: 'end-sessions', text, values })).rowCount ?? 0;
}

/** All but the newest `keep`. */
export async function endOldSessions(
  database: Pool | ClientBase,
  { userId, keep, now }: { readonly userId: string; readonly keep: number; readonly now: Date },
): Promise<void> {
  const text = `
    update sessions set ended_at = $3, ended_by = 'too-many' where id in (
      select id from sessions where user_id = $1::uuid and ended_at is null order by id desc offset $2
    )`;
  await database.query({ name: 'end-old-sessions', text, values: [userId, keep, now] });
}

export async function endSessionOfToken(database: Pool | ClientBase, hash: Buffer, now: Date): Promise<void> {
  const text = `
    update sessions set ended_at = $2, ended_by = 'logout'
    where ended_at is null and id = (select session_id from refresh_tokens where hash = $1)`;
  await database.query({ name: 'end-session-of-token', text, values: [hash, now] });
}

export async function listSessions(database: Pool | ClientBase, userId: string, now: Date): Promise<StoredSession[]> {
  const text = `
    select id, client, address, created_at as "createdAt", used_at as "usedAt", expires_at as "expiresAt"
    from sessions where user_id = $1::uuid and ended_at is null and expires_at > $2 order by id desc limit 100`;
  return (await database.query<StoredSession>({ name: 'list-sessions', text, values: [userId, now] })).rows;
}
