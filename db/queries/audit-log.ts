/** The journal of privileged acts: who did what to whom. Ids and words only, nothing personal. */
import type { ClientBase, Pool } from 'pg';
import type { UserRole } from './find-user.ts';

export interface AuditEntry {
  readonly id: string;
  readonly actorId: string | null;
  readonly actorRole: UserRole | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface StoredAuditEntry extends AuditEntry {
  readonly at: Date;
}

export async function insertAuditEntry(client: ClientBase, entry: AuditEntry): Promise<void> {
  const text = `
    insert into audit_log (id, actor_id, actor_role, action, subject_kind, subject_id, detail)
    values ($1, $2, $3, $4, $5, $6, $7)`;
  const { id, actorId, actorRole, action, subjectKind, subjectId, detail } = entry;
  const values = [id, actorId, actorRole, action, subjectKind, subjectId, JSON.stringify(detail)];
  await client.query({ name: 'insert-audit-entry', text, values });
}

export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function listAuditEntries(database: Pool | ClientBase, filter: AuditFilter): Promise<StoredAuditEntry[]> {
  const text = `
    select id, at, actor_id as "actorId", actor_role as "actorRole", action, subject_kind as "subjectKind",
      subject_id as "subjectId", detail
    from audit_log
    where ($1::uuid is null or actor_id = $1) and ($2::text is null or subject_kind = $2)
      and ($3::text is null or subject_id = $3) and ($4::uuid is null or id < $4)
      and ($6::text is null or action = $6) and ($7::timestamptz is null or at >= $7)
      and ($8::timestamptz is null or at < $8)
    order by id desc limit $5`;
  const { actorId, subjectKind, subjectId, before, limit, action, from, until } = filter;
  const values = [
    ...[actorId ?? null, subjectKind ?? null, subjectId ?? null, before ?? null, limit],
    ...[action ?? null, from ?? null, until ?? null],
  ];
  return (await database.query<StoredAuditEntry>({ name: 'list-audit-entries', text, values })).rows;
}

/** The role that somebody has now; held until the transaction is over, so that nobody acts with one that was taken away. */
export async function holdRole(client: ClientBase, userId: string): Promise<UserRole | undefined> {
  const text = `select role from users where id = $1::uuid and status = 'active' for share`;
  return (await client.query<{ role: UserRole }>({ name: 'hold-role', text, values: [userId] })).rows[0]?.role;
}
