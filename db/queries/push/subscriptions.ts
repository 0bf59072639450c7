import { createHash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../../product-rows.ts';

export interface StoredSubscription {
  readonly id: string;
  /** Of the push service; the rest of the address is as good as a key. */
  readonly service: string;
  readonly label: string;
  readonly createdAt: number;
  readonly lastSuccessAt: number | null;
}

const COLUMNS = `id, substring(endpoint from '^https?://([^/]+)') as service, label, ${epochMs('created_at')} as "createdAt",
  ${epochMs('last_success_at')} as "lastSuccessAt"`;

export async function listSubscriptions(database: Pool | ClientBase, userId: string): Promise<StoredSubscription[]> {
  const text = `select ${COLUMNS} from push_subscriptions where user_id = $1 order by id`;
  return (await database.query<StoredSubscription>({ name: 'list-subscriptions', text, values: [userId] })).rows;
}

export interface NewSubscription {
  readonly id: string;
  readonly userId: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly label: string;
  readonly most: number;
}

/**
 * A browser has one address, whoever uses it: the same one again is the same subscription, and whoever says so last has it.
 * What waits for the one before is not shown to the next.
 */
export async function putSubscription(
  client: ClientBase,
  { id, userId, endpoint, p256dh, auth, label, most }: NewSubscription,
): Promise<{ readonly made: StoredSubscription; readonly isNew: boolean } | 'too-many' | 'no-such-user'> {
  const user = await client.query(`select from users where id = $1 and status = 'active' for no key update`, [userId]);
  if (user.rowCount === 0) return 'no-such-user';
  // Two with one address take turns.
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 32))', [digestOf(endpoint)]);
  await client.query('delete from push_subscriptions where md5(endpoint) = md5($1) and user_id <> $2', [
    endpoint,
    userId,
  ]);
  const updated = await client.query<StoredSubscription>({
    name: 'update-subscription',
    text: `
      update push_subscriptions set p256dh = $3, auth = $4, label = $5
      where md5(endpoint) = md5($1) and user_id = $2 returning ${COLUMNS}`,
    values: [endpoint, userId, p256dh, auth, label],
  });
  const [known] = updated.rows;
  if (known !== undefined) return { made: known, isNew: false };
  const count = 'select count(*)::int as count from push_subscriptions where user_id = $1';
  if (((await client.query<{ count: number }>(count, [userId])).rows[0]?.count ?? 0) >= most) return 'too-many';
  const { rows } = await client.query<StoredSubscription>({
    name: 'insert-subscription',
    text: `
      insert into push_subscriptions (id, user_id, endpoint, p256dh, auth, label) values ($1, $2, $3, $4, $5, $6)
      returning ${COLUMNS}`,
    values: [id, userId, endpoint, p256dh, auth, label],
  });
  const [made] = rows;
  if (made === undefined) throw new Error('A subscription was not written.');
  return { made, isNew: true };
}

export async function deleteSubscription(
  database: Pool | ClientBase,
  { id, userId }: { readonly id: string; readonly userId: string },
): Promise<boolean> {
  const text = 'delete from push_subscriptions where id = $1 and user_id = $2';
  return (await database.query({ name: 'delete-subscription', text, values: [id, userId] })).rowCount === 1;
}

/** Its push service says that there is no such browser any more. */
export async function forgetSubscription(database: Pool, id: string): Promise<void> {
  const text = 'delete from push_subscriptions where id = $1';
  await database.query({ name: 'forget-subscription', text, values: [id] });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
