import type { ClientBase, Pool } from 'pg';

/** Orders in which nothing is to be done any more. */
export const FINISHED = `('DELIVERED', 'COMPLETED', 'CANCELLED', 'REFUNDED')`;

/** Why somebody cannot be erased now, in words for them; empty when nothing is in the way. */
export async function findObstacles(database: Pool | ClientBase, userId: string): Promise<string[]> {
  const text = `
    select 'Your account has the role ' || role || ': have it taken away first.' as why
    from users where id = $1::uuid and role <> 'shopper'
    union all
    select 'Your shop has sold here, and stands on invoices: the support closes it.'
    from merchants where user_id = $1::uuid and status in ('active', 'suspended')
    union all
    select 'There is money in your wallet: spend it or have it paid out.'
    from ledger_accounts where owner_id = $1::uuid and balance_minor <> 0
    union all
    (select 'The order ' || o.id || ' is ' || o.status || ': cancel it, or wait until it is finished.'
     from orders o where o.shopper_id = $1::uuid
       and o.status not in ${FINISHED} order by o.id limit 5)
    union all
    (select 'A refund of the order ' || o.id || ' is under way.'
     from orders o where o.shopper_id = $1::uuid and o.status in ${FINISHED}
       and (exists (select from refunds r where r.order_id = o.id and r.status = 'PENDING')
         or exists (select from payments p where p.order_id = o.id and p.due_at is not null))
     order by o.id limit 5)`;
  const { rows } = await database.query<{ why: string }>({ name: 'find-erasure-obstacles', text, values: [userId] });
  return rows.map(({ why }) => why);
}

/** Whether anything is known under this id: an account, or orders of a guest, of whom drops know nothing but the id. */
export async function isKnownPerson(database: Pool | ClientBase, userId: string): Promise<boolean> {
  const text = `
    select exists (select from users where id = $1::uuid and status <> 'erased')
      or (exists (select from orders where shopper_id = $1::uuid) and not exists (select from users where id = $1::uuid))
        as "isKnown"`;
  const { rows } = await database.query<{ isKnown: boolean }>({ name: 'is-known-person', text, values: [userId] });
  return rows[0]?.isKnown ?? false;
}
