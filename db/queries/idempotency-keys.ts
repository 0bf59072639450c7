/** What was answered to which Idempotency-Key. */
import type { ClientBase, Pool } from 'pg';

export interface KeyName {
  /** Who asks, and what: the same key of somebody else, or of another route, is another key. */
  readonly scope: string;
  readonly key: string;
}

export interface KeyRow {
  readonly fingerprint: string;
  /** Null while the first request is under way. */
  readonly response: unknown;
}

/**
 * False when somebody else has this key in hand. The lock ends with the caller's transaction, however that ends: a crash
 * leaves nothing behind.
 */
export async function lockKey(client: ClientBase, { scope, key }: KeyName): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>({
    name: 'lock-idempotency-key',
    text: `select pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)) as locked`,
    values: [scope, key],
  });
  return rows[0]?.locked === true;
}

export async function findKey(
  database: Pool | ClientBase,
  { scope, key }: KeyName,
  nowMs: number,
): Promise<KeyRow | undefined> {
  const { rows } = await database.query<KeyRow>({
    name: 'find-idempotency-key',
    text: `
      select fingerprint, response from idempotency_keys
      where scope = $1 and key = $2 and expires_at > to_timestamp($3::float8 / 1000)`,
    values: [scope, key, nowMs],
  });
  return rows[0];
}

export interface KeptAnswer extends KeyName {
  readonly fingerprint: string;
  /** JSON; null for a request that is under way. */
  readonly response: string | null;
  readonly nowMs: number;
  readonly untilMs: number;
}

const KEEP = `
  insert into idempotency_keys as k (scope, key, fingerprint, response, created_at, expires_at)
  values ($1, $2, $3, $4::jsonb, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000))
  on conflict (scope, key) do update
    set fingerprint = excluded.fingerprint, response = excluded.response, created_at = excluded.created_at,
      expires_at = excluded.expires_at
    where k.expires_at <= excluded.created_at`;

/** False when the key is taken by somebody whose time is not over. */
export async function keepKey(database: Pool | ClientBase, kept: KeptAnswer): Promise<boolean> {
  const { scope, key, fingerprint, response, nowMs, untilMs } = kept;
  const values = [scope, key, fingerprint, response, nowMs, untilMs];
  const { rowCount } = await database.query({ name: 'keep-idempotency-key', text: KEEP, values });
  return rowCount === 1;
}

/** Ends a request that was under way since `nowMs`: with its answer, or as if it had never been. */
export async function completeKey(database: Pool, kept: KeptAnswer): Promise<void> {
  const { scope, key, response, nowMs, untilMs } = kept;
  const mine = `scope = $1 and key = $2 and created_at = to_timestamp($3::float8 / 1000) and response is null`;
  if (response === null) {
    const text = `delete from idempotency_keys where ${mine}`;
    await database.query({ name: 'free-idempotency-key', text, values: [scope, key, nowMs] });
    return;
  }
  await database.query({
    name: 'complete-idempotency-key',
    text: `update idempotency_keys set response = $4::jsonb, expires_at = to_timestamp($5::float8 / 1000) where ${mine}`,
    values: [scope, key, nowMs, response, untilMs],
  });
}
