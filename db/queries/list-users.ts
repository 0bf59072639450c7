import type { ClientBase, Pool } from 'pg';
import { type StoredUser, USER_COLUMNS, type UserRole, type UserStatus } from './find-user.ts';

export interface UserFilter {
  /** How the mail address begins. */
  readonly email?: string | undefined;
  readonly role?: UserRole | undefined;
  readonly status?: UserStatus | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function listUsers(database: Pool | ClientBase, filter: UserFilter): Promise<StoredUser[]> {
  const text = `
    select ${USER_COLUMNS} from users
    where ($1::text is null or lower(email::text) like $1) and ($2::user_role is null or role = $2)
      and ($3::user_status is null or status = $3) and ($4::uuid is null or id < $4)
    order by id desc limit $5`;
  const { email, role, status, before, limit } = filter;
  const beginning = email === undefined ? null : `${email.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  return (await database.query<StoredUser>(text, [beginning, role ?? null, status ?? null, before ?? null, limit]))
    .rows;
}
