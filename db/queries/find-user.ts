import type { ClientBase, Pool } from 'pg';

export type UserRole = 'shopper' | 'merchant' | 'admin' | 'support';
export type UserStatus = 'active' | 'blocked' | 'erased';

export interface StoredUser {
  readonly id: string;
  readonly email: string | null;
  readonly passwordHash: string | null;
  readonly name: string;
  readonly role: UserRole;
  readonly status: UserStatus;
  readonly createdAt: Date;
}

export const USER_COLUMNS = `id, email, password_hash as "passwordHash", name, role, status, created_at as "createdAt"`;

export async function findUser(database: Pool | ClientBase, id: string): Promise<StoredUser | undefined> {
  const text = `select ${USER_COLUMNS} from users where id = $1::uuid`;
  return (await database.query<StoredUser>({ name: 'find-user', text, values: [id] })).rows[0];
}

export async function findUserByEmail(database: Pool | ClientBase, email: string): Promise<StoredUser | undefined> {
  const text = `select ${USER_COLUMNS} from users where email = $1::citext`;
  return (await database.query<StoredUser>({ name: 'find-user-by-email', text, values: [email] })).rows[0];
}
