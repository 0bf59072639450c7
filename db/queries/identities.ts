/** People of other providers, and whose accounts those are. */
import type { ClientBase, Pool } from 'pg';
import { type StoredUser, USER_COLUMNS } from './find-user.ts';

export interface StoredIdentity {
  readonly id: string;
  readonly userId: string;
  readonly provider: string;
  readonly email: string | null;
  readonly createdAt: Date;
  readonly usedAt: Date;
}

const COLUMNS = `id, user_id as "userId", provider, email, created_at as "createdAt", used_at as "usedAt"`;

export async function findIdentity(
  client: ClientBase,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): Promise<StoredIdentity | undefined> {
  const text = `select ${COLUMNS} from user_identities where issuer = $1 and subject = $2`;
  const { rows } = await client.query<StoredIdentity>({ name: 'find-identity', text, values: [issuer, subject] });
  return rows[0];
}

export async function listIdentities(database: Pool | ClientBase, userId: string): Promise<StoredIdentity[]> {
  const text = `select ${COLUMNS} from user_identities where user_id = $1::uuid order by id limit 100`;
  return (await database.query<StoredIdentity>({ name: 'list-identities', text, values: [userId] })).rows;
}

export interface NewIdentity {
  readonly id: string;
  readonly userId: string;
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly now: Date;
}

/** False when the same person came at the same time, and is somebody's already. */
export async function insertIdentity(client: ClientBase, identity: NewIdentity): Promise<boolean> {
  const { id, userId, provider, issuer, subject, email, now } = identity;
  const text = `
    insert into user_identities (id, user_id, provider, issuer, subject, email, created_at, used_at)
    values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict (issuer, subject) do nothing`;
  const values = [id, userId, provider, issuer, subject, email, now];
  return (await client.query({ name: 'insert-identity', text, values })).rowCount === 1;
}

export async function touchIdentity(client: ClientBase, id: string, email: string | null, now: Date): Promise<void> {
  const text = 'update user_identities set used_at = $2, email = coalesce($3, email) where id = $1';
  await client.query({ name: 'touch-identity', text, values: [id, now, email] });
}

export async function deleteIdentity(client: ClientBase, userId: string, id: string): Promise<boolean> {
  const text = 'delete from user_identities where id = $1::uuid and user_id = $2::uuid';
  return (await client.query({ name: 'delete-identity', text, values: [id, userId] })).rowCount === 1;
}

/** The account, locked: nobody else changes meanwhile how its owner gets in. */
export async function lockUser(client: ClientBase, id: string): Promise<StoredUser | undefined> {
  const text = `select ${USER_COLUMNS} from users where id = $1::uuid for update`;
  return (await client.query<StoredUser>({ name: 'lock-user', text, values: [id] })).rows[0];
}

export interface OwnerOfMail extends StoredUser {
  readonly isMailProven: boolean;
}

export async function findOwnerOfMail(client: ClientBase, email: string): Promise<OwnerOfMail | undefined> {
  const text = `
    select ${USER_COLUMNS}, email_proven_at is not null as "isMailProven" from users where email = $1::citext for update`;
  return (await client.query<OwnerOfMail>({ name: 'find-owner-of-mail', text, values: [email] })).rows[0];
}

/** An account without a password. Undefined when the mail address is somebody's by now. */
export async function insertPerson(
  client: ClientBase,
  person: { readonly id: string; readonly email: string | null; readonly name: string; readonly provenAt: Date | null },
): Promise<StoredUser | undefined> {
  const text = `
    insert into users (id, email, name, email_proven_at) values ($1, $2, $3, $4)
    on conflict (email) do nothing returning ${USER_COLUMNS}`;
  const values = [person.id, person.email, person.name, person.provenAt];
  return (await client.query<StoredUser>({ name: 'insert-person', text, values })).rows[0];
}

/** Where somebody whose word counts says so of the very address that the account has. */
export async function proveMail(client: ClientBase, userId: string, email: string, now: Date): Promise<void> {
  const text = `
    update users set email_proven_at = coalesce(email_proven_at, $3) where id = $1::uuid and email = $2::citext`;
  await client.query({ name: 'prove-mail', text, values: [userId, email, now] });
}
