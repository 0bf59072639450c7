import type { ClientBase, Pool } from 'pg';
import { type StoredUser, USER_COLUMNS, type UserRole, type UserStatus } from './find-user.ts';

/** Undefined when the mail address is somebody's already. */
export async function insertUser(
  database: Pool | ClientBase,
  user: { readonly id: string; readonly email: string; readonly passwordHash: string; readonly name: string },
): Promise<StoredUser | undefined> {
  const text = `
    insert into users (id, email, password_hash, name) values ($1, $2, $3, $4)
    on conflict (email) do nothing returning ${USER_COLUMNS}`;
  const values = [user.id, user.email, user.passwordHash, user.name];
  return (await database.query<StoredUser>({ name: 'insert-user', text, values })).rows[0];
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly role?: UserRole | undefined;
  readonly status?: UserStatus | undefined;
  readonly passwordHash?: string | undefined;
}

/** What is not given stays. An erased account stays as it is. */
export async function updateUser(
  database: Pool | ClientBase,
  id: string,
  change: UserChange,
): Promise<StoredUser | undefined> {
  const text = `
    update users set
      name = coalesce($2, name), role = coalesce($3::user_role, role), status = coalesce($4::user_status, status),
      password_hash = coalesce($5, password_hash),
      password_at = case when $5::text is null then password_at else now() end, updated_at = now()
    where id = $1::uuid and status <> 'erased' returning ${USER_COLUMNS}`;
  const { name, role, status, passwordHash } = change;
  const values = [id, name ?? null, role ?? null, status ?? null, passwordHash ?? null];
  return (await database.query<StoredUser>({ name: 'update-user', text, values })).rows[0];
}
