/** Which of somebody's addresses, or ways to pay, is the one that is taken unless said otherwise. */
import type { ClientBase } from 'pg';

export type Defaulted = 'addresses' | 'payment_methods';

/** Whoever changes what belongs to this person comes one after the other. False where there is no such person. */
export async function lockPerson(client: ClientBase, userId: string): Promise<boolean> {
  const text = `select from users where id = $1::uuid and status = 'active' for update`;
  return (await client.query({ name: 'lock-person', text, values: [userId] })).rowCount === 1;
}

const CLEAR = {
  addresses: 'update addresses set is_default = false where user_id = $1::uuid and is_default',
  payment_methods: 'update payment_methods set is_default = false where user_id = $1::uuid and is_default',
} as const;

export async function clearDefault(client: ClientBase, of: Defaulted, userId: string): Promise<void> {
  await client.query({ name: `clear-default-${of}`, text: CLEAR[of], values: [userId] });
}

const SET = {
  addresses: 'update addresses set is_default = true where user_id = $1::uuid and id = $2::uuid',
  payment_methods: 'update payment_methods set is_default = true where user_id = $1::uuid and id = $2::uuid',
} as const;

export async function setDefault(client: ClientBase, of: Defaulted, userId: string, id: string): Promise<boolean> {
  return (await client.query({ name: `set-default-${of}`, text: SET[of], values: [userId, id] })).rowCount === 1;
}

const APPOINT = {
  addresses: `
    update addresses set is_default = true
    where id = (select id from addresses where user_id = $1::uuid order by id desc limit 1)
      and not exists (select from addresses where user_id = $1::uuid and is_default)`,
  payment_methods: `
    update payment_methods set is_default = true
    where id = (select id from payment_methods where user_id = $1::uuid order by id desc limit 1)
      and not exists (select from payment_methods where user_id = $1::uuid and is_default)`,
} as const;

/** The newest, where there is none. */
export async function appointDefault(client: ClientBase, of: Defaulted, userId: string): Promise<void> {
  await client.query({ name: `appoint-default-${of}`, text: APPOINT[of], values: [userId] });
}
