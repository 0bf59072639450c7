import type { ClientBase, Pool } from 'pg';

export interface Recipient {
  readonly userId: string;
  /** Null of who has none (any more): a guest, or an account that was erased. */
  readonly mailAddress: string | null;
  readonly name: string;
  /** Null of who has chosen none. */
  readonly language: string | null;
  readonly orderMails: boolean;
  readonly reminderMails: boolean;
}

const FIND = `
  select
    u.id as "userId",
    case when u.status <> 'erased' then u.email end as "mailAddress",
    u.name,
    p.language,
    coalesce(p.order_mails, true) as "orderMails",
    coalesce(p.reminder_mails, true) as "reminderMails"
  from users u left join preferences p on p.user_id = u.id
  where u.id = any ($1::uuid[])`;

/** Who of these users there is. Guests have no row. */
export async function findRecipients(
  database: Pool | ClientBase,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Recipient>> {
  const { rows } = await database.query<Recipient>({ name: 'find-recipients', text: FIND, values: [userIds] });
  return new Map(rows.map((row) => [row.userId, row]));
}
