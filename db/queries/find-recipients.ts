import type { ClientBase, Pool } from 'pg';

export interface Recipient {
  readonly userId: string;
  /** Null of who has none any more: an account that was erased. */
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
  where u.id = any ($1::uuid[])
  union all
  (
    select distinct on (o.shopper_id) o.shopper_id, a.email, a.recipient, null, true, false
    from orders o join order_addresses a on a.order_id = o.id
    where o.shopper_id = any ($1::uuid[]) and o.is_guest and a.email is not null
    order by o.shopper_id, o.id desc
  )`;

/** Who of these users there is. A guest is told where they said when they ordered last; one who never did is not there. */
export async function findRecipients(
  database: Pool | ClientBase,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Recipient>> {
  const { rows } = await database.query<Recipient>({ name: 'find-recipients', text: FIND, values: [userIds] });
  return new Map(rows.map((row) => [row.userId, row]));
}
