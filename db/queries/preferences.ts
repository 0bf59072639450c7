import type { ClientBase, Pool } from 'pg';

export interface StoredPreferences {
  readonly language: string;
  readonly currency: string | null;
  readonly orderMails: boolean;
  readonly reminderMails: boolean;
}

const COLUMNS = 'language, currency, order_mails as "orderMails", reminder_mails as "reminderMails"';

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
    insert into preferences as p (user_id, language, currency, order_mails, reminder_mails)
    select id, coalesce($2, 'en'), $3, coalesce($5, true), coalesce($6, true) from users
    where id = $1::uuid and status = 'active'
    on conflict (user_id) do update set language = coalesce($2, p.language),
      currency = case when $4 then $3 else p.currency end,
      order_mails = coalesce($5, p.order_mails), reminder_mails = coalesce($6, p.reminder_mails), updated_at = now()
    returning ${COLUMNS}`;
  const { language, currency, orderMails, reminderMails } = change;
  const values = [
    userId,
    language ?? null,
    currency ?? null,
    currency !== undefined,
    orderMails ?? null,
    reminderMails ?? null,
  ];
  return (await database.query<StoredPreferences>({ name: 'put-preferences', text, values })).rows[0];
}
