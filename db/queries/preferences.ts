import type { ClientBase, Pool } from 'pg';

export interface StoredPreferences {
  readonly language: string;
  readonly currency: string | null;
  readonly orderMails: boolean;
  readonly reminderMails: boolean;
  readonly orderPush: boolean;
  readonly reminderPush: boolean;
}

const COLUMNS = `language, currency, order_mails as "orderMails", reminder_mails as "reminderMails",
  order_push as "orderPush", reminder_push as "reminderPush"`;

export async function findPreferences(
  database: Pool | ClientBase,
  userId: string,
): Promise<StoredPreferences | undefined> {
  const text = `select ${COLUMNS} from preferences where user_id = $1::uuid`;
  return (await database.query<StoredPreferences>({ name: 'find-preferences', text, values: [userId] })).rows[0];
}

/** What is not given stays; a currency of null is none. Undefined where there is no such person. */
export async function putPreferences(
  database: Pool | ClientBase,
  userId: string,
  change: { readonly [K in keyof StoredPreferences]?: StoredPreferences[K] | undefined },
): Promise<StoredPreferences | undefined> {
  const text = `
    insert into preferences as p (user_id, language, currency, order_mails, reminder_mails, order_push, reminder_push)
    select id, coalesce($2, 'en'), $3, coalesce($5, true), coalesce($6, true), coalesce($7, true), coalesce($8, true)
    from users
    where id = $1::uuid and status = 'active'
    on conflict (user_id) do update set language = coalesce($2, p.language),
      currency = case when $4 then $3 else p.currency end,
      order_mails = coalesce($5, p.order_mails), reminder_mails = coalesce($6, p.reminder_mails),
      order_push = coalesce($7, p.order_push), reminder_push = coalesce($8, p.reminder_push), updated_at = now()
    returning ${COLUMNS}`;
  const { language, currency, orderMails, reminderMails, orderPush, reminderPush } = change;
  const values = [
    userId,
    language ?? null,
    currency ?? null,
    currency !== undefined,
    orderMails ?? null,
    reminderMails ?? null,
    orderPush ?? null,
    reminderPush ?? null,
  ];
  return (await database.query<StoredPreferences>({ name: 'put-preferences', text, values })).rows[0];
}

/** By a link in a mail. Of who is gone there is nothing to change, and nothing to tell. */
export async function unsubscribe(database: Pool | ClientBase, userId: string): Promise<void> {
  await database.query({
    name: 'unsubscribe',
    text: `
      insert into preferences (user_id, reminder_mails) select id, false from users where id = $1::uuid and status <> 'erased'
      on conflict (user_id) do update set reminder_mails = false, updated_at = now()`,
    values: [userId],
  });
}
