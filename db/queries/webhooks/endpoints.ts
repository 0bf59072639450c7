import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../../product-rows.ts';

export interface StoredEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: string[];
  readonly isEnabled: boolean;
  /** Null of one that is enabled. */
  readonly disabledWhy: 'merchant' | 'failing' | null;
  readonly secretVersion: number;
  /** Until when the secret before it is good as well. */
  readonly previousSecretUntil: number | null;
  /** Tries in a row that failed. */
  readonly failures: number;
  readonly failingSince: number | null;
  readonly lastSuccessAt: number | null;
  readonly createdAt: number;
}

const COLUMNS = `id, url, description, events, is_enabled as "isEnabled", disabled_why as "disabledWhy",
  secret_version as "secretVersion", ${epochMs('previous_secret_until')} as "previousSecretUntil", failures,
  ${epochMs('failing_since')} as "failingSince", ${epochMs('last_success_at')} as "lastSuccessAt",
  ${epochMs('created_at')} as "createdAt"`;

export async function listEndpoints(database: Pool | ClientBase, merchantId: string): Promise<StoredEndpoint[]> {
  const text = `select ${COLUMNS} from webhook_endpoints where merchant_id = $1 order by id`;
  return (await database.query<StoredEndpoint>({ name: 'list-endpoints', text, values: [merchantId] })).rows;
}

export async function findEndpoint(
  database: Pool | ClientBase,
  { id, merchantId }: { readonly id: string; readonly merchantId: string },
): Promise<StoredEndpoint | undefined> {
  const text = `select ${COLUMNS} from webhook_endpoints where id = $1 and merchant_id = $2`;
  return (await database.query<StoredEndpoint>({ name: 'find-endpoint', text, values: [id, merchantId] })).rows[0];
}

export interface NewEndpoint {
  readonly id: string;
  readonly merchantId: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  /** What one merchant may have. */
  readonly most: number;
}

/** One after the other for a merchant, so that none has more than there may be. */
export async function insertEndpoint(
  client: ClientBase,
  { id, merchantId, url, description, events, most }: NewEndpoint,
): Promise<StoredEndpoint | 'too-many' | 'url-taken'> {
  await client.query('select from users where id = $1 for no key update', [merchantId]);
  const known = await client.query<{ count: number }>(
    'select count(*)::int as count from webhook_endpoints where merchant_id = $1',
    [merchantId],
  );
  if ((known.rows[0]?.count ?? 0) >= most) return 'too-many';
  const { rows } = await client.query<StoredEndpoint>({
    name: 'insert-endpoint',
    text: `
      insert into webhook_endpoints (id, merchant_id, url, description, events) values ($1, $2, $3, $4, $5)
      on conflict do nothing returning ${COLUMNS}`,
    values: [id, merchantId, url, description, events],
  });
  return rows[0] ?? 'url-taken';
}

export interface EndpointChange {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly isEnabled?: boolean | undefined;
}

/** What is switched on begins anew: its failures are forgotten. Undefined where the merchant has none of this id. */
export async function updateEndpoint(
  client: ClientBase,
  { id, merchantId }: { readonly id: string; readonly merchantId: string },
  { url, description, events, isEnabled }: EndpointChange,
): Promise<StoredEndpoint | 'url-taken' | undefined> {
  const text = `
    update webhook_endpoints e set
      url = coalesce($3, url), description = coalesce($4, description), events = coalesce($5::text[], events),
      is_enabled = coalesce($6, is_enabled),
      disabled_why = case when coalesce($6, is_enabled) then null else coalesce(disabled_why, 'merchant') end,
      failures = case when $6 or $3 is not null then 0 else failures end,
      failing_since = case when $6 or $3 is not null then null else failing_since end,
      rest_until = case when $6 or $3 is not null then null else rest_until end, updated_at = now()
    where id = $1 and merchant_id = $2 and not exists (
      select from webhook_endpoints o where o.merchant_id = $2 and md5(o.url) = md5($3) and o.id <> $1
    )
    returning ${COLUMNS}`;
  const values = [id, merchantId, url ?? null, description ?? null, events ?? null, isEnabled ?? null];
  const { rows } = await client.query<StoredEndpoint>({ name: 'update-endpoint', text, values });
  if (rows[0] !== undefined) return rows[0];
  return (await findEndpoint(client, { id, merchantId })) === undefined ? undefined : 'url-taken';
}

/** The next secret counts from now on, the one before it until then as well. */
export async function rotateSecret(
  client: ClientBase,
  asked: { readonly id: string; readonly merchantId: string; readonly previousUntilMs: number },
): Promise<StoredEndpoint | undefined> {
  const text = `
    update webhook_endpoints set secret_version = secret_version + 1,
      previous_secret_until = to_timestamp($3::float8 / 1000), updated_at = now()
    where id = $1 and merchant_id = $2 returning ${COLUMNS}`;
  const values = [asked.id, asked.merchantId, asked.previousUntilMs];
  return (await client.query<StoredEndpoint>({ name: 'rotate-webhook-secret', text, values })).rows[0];
}

export async function deleteEndpoint(
  client: ClientBase,
  { id, merchantId }: { readonly id: string; readonly merchantId: string },
): Promise<boolean> {
  const text = 'delete from webhook_endpoints where id = $1 and merchant_id = $2';
  return (await client.query({ name: 'delete-endpoint', text, values: [id, merchantId] })).rowCount === 1;
}
