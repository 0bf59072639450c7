/** Keys of merchants' programs. */
import type { ClientBase, Pool } from 'pg';

export interface NewApiKey {
  readonly id: string;
  readonly merchantId: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface StoredApiKey extends Omit<NewApiKey, 'hash' | 'merchantId'> {
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface UsableApiKey {
  readonly id: string;
  readonly merchantId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
}

const COLUMNS = `id, name, prefix, scopes, created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt",
  revoked_at as "revokedAt"`;

/** The newest first; also those that are over, for a while. */
export async function listApiKeys(database: Pool | ClientBase, merchantId: string): Promise<StoredApiKey[]> {
  const text = `select ${COLUMNS} from api_keys where merchant_id = $1::uuid order by id desc limit 200`;
  return (await database.query<StoredApiKey>({ name: 'list-api-keys', text, values: [merchantId] })).rows;
}

/** Whoever adds a key comes one after the other, so that a merchant never has too many. */
export async function lockApiKeys(client: ClientBase, merchantId: string): Promise<void> {
  const text = `select pg_advisory_xact_lock(hashtext('api_keys ' || $1))`;
  await client.query({ name: 'lock-api-keys', text, values: [merchantId] });
}

export async function insertApiKey(client: ClientBase, key: NewApiKey): Promise<StoredApiKey | undefined> {
  const text = `
    insert into api_keys (id, merchant_id, name, prefix, hash, scopes, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`;
  const { id, merchantId, name, prefix, hash, scopes, createdAt, expiresAt } = key;
  const values = [id, merchantId, name, prefix, hash, scopes, createdAt, expiresAt];
  return (await client.query<StoredApiKey>({ name: 'insert-api-key', text, values })).rows[0];
}

/** Undefined where there is none of this merchant's with this id. Revoked again, it stays revoked since the first time. */
export async function revokeApiKey(
  client: ClientBase,
  { id, merchantId, now }: { readonly id: string; readonly merchantId: string; readonly now: Date },
): Promise<StoredApiKey | undefined> {
  const text = `
    update api_keys set revoked_at = coalesce(revoked_at, $3) where id = $1::uuid and merchant_id = $2::uuid
    returning ${COLUMNS}`;
  return (await client.query<StoredApiKey>({ name: 'revoke-api-key', text, values: [id, merchantId, now] })).rows[0];
}

/** Of a merchant who is one now: with the role its keys are gone. */
export async function findUsableApiKey(database: Pool, hash: Buffer): Promise<UsableApiKey | undefined> {
  const text = `
    select k.id, k.merchant_id as "merchantId", k.scopes, k.expires_at as "expiresAt"
    from api_keys k join users u on u.id = k.merchant_id
    where k.hash = $1 and k.revoked_at is null and u.role = 'merchant' and u.status = 'active'`;
  return (await database.query<UsableApiKey>({ name: 'find-usable-api-key', text, values: [hash] })).rows[0];
}

/** Only when the time that is written is older than `everyMs`: many processes write it once between them. */
export async function noteApiKeyUse(database: Pool, id: string, now: Date, everyMs: number): Promise<void> {
  const text = 'update api_keys set used_at = $2 where id = $1::uuid and (used_at is null or used_at <= $3)';
  await database.query({ name: 'note-api-key-use', text, values: [id, now, new Date(now.getTime() - everyMs)] });
}
