/** What was answered to which Idempotency-Key. */
import type { Pool } from 'pg';
import type { Asking } from '../../platform/connections/postgres-together.ts';

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
export async function lockKey(client: Asking, name: KeyName): Promise<boolean> {
  return (await lockKeys(client, [name])).has(nameOf(name));
}

/** Those of them that nobody else has in hand, by `nameOf`. */
export async function lockKeys(client: Asking, names: readonly KeyName[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const { rows } = await client.query<KeyName>({
    name: 'lock-idempotency-keys',
    text: `
      select scope, key from unnest($1::text[], $2::text[]) as asked (scope, key)
      where pg_try_advisory_xact_lock(hashtextextended(scope || ' ' || key, 0))`,
    values: [names.map(({ scope }) => scope), names.map(({ key }) => key)],
  });
  return new Set(rows.map(nameOf));
}

export function nameOf({ scope, key }: KeyName): string {
  return `${scope} ${key}`;
}

/** Of keys that the caller has locked, by `nameOf`. */
export async function findKeys(
  client: Asking,
  names: readonly KeyName[],
  nowMs: number,
): Promise<ReadonlyMap<string, KeyRow>> {
  if (names.length === 0) return new Map();
  const { rows } = await client.query<KeyName & KeyRow>({
    name: 'find-idempotency-keys',
    // Key by key, and a limit that says nothing new: a join is planned as a look through all keys where there are few yet.
    text: `
      select k.scope, k.key, k.fingerprint, k.response
      from unnest($1::text[], $2::text[]) as asked (scope, key)
      cross join lateral (
        select scope, key, fingerprint, response from idempotency_keys
        where scope = asked.scope and key = asked.key and expires_at > to_timestamp($3::float8 / 1000) limit 1
      ) k`,
    values: [names.map(({ scope }) => scope), names.map(({ key }) => key), nowMs],
  });
  return new Map(rows.map((row) => [nameOf(row), row]));
}

export async function findKey(database: Asking, { scope, key }: KeyName, nowMs: number): Promise<KeyRow | undefined> {
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
  select scope, key, fingerprint, response::jsonb, to_timestamp(now_ms / 1000), to_timestamp(until_ms / 1000)
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[])
    as kept (scope, key, fingerprint, response, now_ms, until_ms)
  order by scope, key
  on conflict (scope, key) do update
    set fingerprint = excluded.fingerprint, response = excluded.response, created_at = excluded.created_at,
      expires_at = excluded.expires_at
    where k.expires_at <= excluded.created_at`;

/** False when the key is taken by somebody whose time is not over. */
export async function keepKey(database: Asking, kept: KeptAnswer): Promise<boolean> {
  return (await keepKeys(database, [kept])) === 1;
}

/** Says how many of them could be kept. */
export async function keepKeys(database: Asking, kept: readonly KeptAnswer[]): Promise<number> {
  if (kept.length === 0) return 0;
  const { rowCount } = await database.query({
    name: 'keep-idempotency-keys',
    text: KEEP,
    values: [
      ...[kept.map(({ scope }) => scope), kept.map(({ key }) => key), kept.map(({ fingerprint }) => fingerprint)],
      ...[kept.map(({ response }) => response), kept.map(({ nowMs }) => nowMs), kept.map(({ untilMs }) => untilMs)],
    ],
  });
  return rowCount ?? 0;
}

/**
 * As keepKey, for who has not locked the key before: false also when somebody else has it in hand. What is written with a
 * key in one statement, after its lock, finds no other answer there.
 */
export async function keepFreeKey(database: Asking, kept: KeptAnswer): Promise<boolean> {
  const { scope, key, fingerprint, response, nowMs, untilMs } = kept;
  const { rowCount } = await database.query({
    name: 'keep-free-idempotency-key',
    text: `
      insert into idempotency_keys as k (scope, key, fingerprint, response, created_at, expires_at)
      select $1::text, $2::text, $3::text, $4::jsonb, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000)
      where (select pg_try_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 0)))
      on conflict (scope, key) do update
        set fingerprint = excluded.fingerprint, response = excluded.response, created_at = excluded.created_at,
          expires_at = excluded.expires_at
        where k.expires_at <= excluded.created_at`,
    values: [scope, key, fingerprint, response, nowMs, untilMs],
  });
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
