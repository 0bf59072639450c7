import type { ClientBase, Pool } from 'pg';
import { type Asking, together } from '../../platform/connections/postgres-together.ts';
import { exact } from '../exact.ts';
import type { KeptAnswer } from './idempotency-keys.ts';

export interface StoredCart {
  readonly version: number;
  readonly body: string;
  readonly updatedAtMs: number;
}

export async function findCart(database: Asking, userId: string): Promise<StoredCart | undefined> {
  const { rows } = await database.query<{ version: string | number; body: string; updatedAt: Date }>({
    name: 'find-cart',
    text: 'select version, body, updated_at as "updatedAt" from carts where user_id = $1',
    values: [userId],
  });
  const row = rows[0];
  if (row === undefined) return undefined;
  return { version: exact(row.version), body: row.body, updatedAtMs: row.updatedAt.getTime() };
}

export interface WrittenCart extends StoredCart {
  readonly userId: string;
  /** 0 where there was none. */
  readonly expected: number;
  readonly lineCount: number;
  readonly firstSku: string | null;
}

/** $1 to $7; `free` is one more condition. */
const writing = (free = 'true') => `
  insert into carts (user_id, version, body, line_count, first_sku, updated_at)
  select $1, $3, $4, $5, $6, to_timestamp($7::float8 / 1000)
  where ($2::bigint = 0 or exists (select from carts where user_id = $1)) and ${free}
  on conflict (user_id) do update set version = excluded.version, body = excluded.body,
    line_count = excluded.line_count, first_sku = excluded.first_sku, updated_at = excluded.updated_at
  where carts.version = $2::bigint`;

function valuesOf({ userId, expected, version, body, lineCount, firstSku, updatedAtMs }: WrittenCart): unknown[] {
  return [userId, expected, version, body, lineCount, firstSku, updatedAtMs];
}

/** False when somebody else has written it meanwhile. */
export async function writeCart(asking: Asking, cart: WrittenCart): Promise<boolean> {
  const { rowCount } = await asking.query({ name: 'write-cart', text: writing(), values: valuesOf(cart) });
  return rowCount === 1;
}

/** Of the transaction. What the lock was asked by is a statement of its own, so it is told to the next one by this. */
const KEY_IS_OURS = 'dropgate.key_is_ours';

const LOCK_KEY = `
  select set_config(
    '${KEY_IS_OURS}', pg_try_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 0))::text, true)`;

const WRITE_ONCE = `
  with written as (
    ${writing(`current_setting('${KEY_IS_OURS}') = 'true'
      and not exists (
        select from idempotency_keys
        where scope = $8::text and key = $9::text and expires_at > to_timestamp($12::float8 / 1000)
      )`)}
    returning true
  )
  insert into idempotency_keys as k (scope, key, fingerprint, response, created_at, expires_at)
  select $8::text, $9::text, $10::text, $11::jsonb, to_timestamp($12::float8 / 1000), to_timestamp($13::float8 / 1000)
  from written
  on conflict (scope, key) do update
    set fingerprint = excluded.fingerprint, response = excluded.response, created_at = excluded.created_at,
      expires_at = excluded.expires_at`;

/**
 * As writeCart, and keeps what is answered to the key of the change: both or neither, in one round trip and one commit. False
 * also when the key was answered meanwhile, or somebody else has it in hand.
 */
export async function writeCartOnce(database: Pool, cart: WrittenCart, kept: KeptAnswer): Promise<boolean> {
  const { scope, key, fingerprint, response, nowMs, untilMs } = kept;
  const values = [...valuesOf(cart), scope, key, fingerprint, response, nowMs, untilMs];
  const [, written] = await together(database, (asking) =>
    // The lock first, by itself: what was answered before it is seen by the statement after it. Asked for there once more,
    // it could be free by then, while the answer of who has had it is not seen yet.
    Promise.all([
      asking.query({ name: 'lock-key-of-cart', text: LOCK_KEY, values: [scope, key] }),
      asking.query({ name: 'write-cart-once', text: WRITE_ONCE, values }),
    ]),
  );
  return written.rowCount === 1;
}

export async function isAccount(database: Pool | ClientBase, userId: string): Promise<boolean> {
  const { rowCount } = await database.query({
    name: 'is-account',
    text: 'select from users where id = $1',
    values: [userId],
  });
  return rowCount === 1;
}

export interface AbandonedCart {
  readonly userId: string;
  readonly title: string;
  readonly items: number;
}

const TAKE = `
  with due as (
    select c.user_id, c.line_count, coalesce(nullif(p.title, ''), c.first_sku) as title
    from carts c
      join users u on u.id = c.user_id and u.status = 'active' and u.email is not null
      left join variants v on v.sku = c.first_sku
      left join products p on p.id = v.product_id
    where c.line_count > 0
      and c.updated_at < to_timestamp($1::float8 / 1000)
      and (c.reminded_at is null
        or (c.reminded_at < c.updated_at and c.reminded_at < to_timestamp($2::float8 / 1000)))
    order by c.updated_at
    limit $4
    for update of c skip locked
  )
  update carts c set reminded_at = to_timestamp($3::float8 / 1000)
  from due where c.user_id = due.user_id
  returning c.user_id as "userId", due.title, due.line_count as items`;

/**
 * Takes carts that nobody has touched since `untouchedSinceMs` as reminded of, inside the caller's transaction: tell them
 * in the same one. A cart is taken again only when it was changed since, and not before `remindedBeforeMs`.
 */
export async function takeAbandonedCarts(
  client: ClientBase,
  given: { untouchedSinceMs: number; remindedBeforeMs: number; nowMs: number; limit: number },
): Promise<AbandonedCart[]> {
  const { rows } = await client.query<AbandonedCart>({
    name: 'take-abandoned-carts',
    text: TAKE,
    values: [given.untouchedSinceMs, given.remindedBeforeMs, given.nowMs, given.limit],
  });
  return rows;
}

/** Deletes carts that nobody has touched since, no more than `limit`; says how many. */
export async function deleteOldCarts(database: Pool, untouchedSinceMs: number, limit: number): Promise<number> {
  const { rowCount } = await database.query({
    name: 'delete-old-carts',
    text: `
      delete from carts where user_id = any (array(
        select user_id from carts where updated_at < to_timestamp($1::float8 / 1000)
        order by updated_at limit $2 for update skip locked
      ))`,
    values: [untouchedSinceMs, limit],
  });
  return rowCount ?? 0;
}
