import type { ClientBase } from 'pg';

export interface PrivilegedAct {
  readonly id: string;
  readonly actorId: string;
  readonly actorRole: string;
  /** Such as `product.update`. */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** Ids and figures only, nothing personal: the journal cannot be erased from. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Writes into the audit trail, inside the transaction of the act. */
export async function recordAct(client: ClientBase, act: PrivilegedAct): Promise<void> {
  await client.query({
    name: 'record-act',
    text: `
      insert into audit_log (id, actor_id, actor_role, action, subject_kind, subject_id, detail)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      act.id,
      act.actorId,
      act.actorRole,
      act.action,
      act.subjectKind,
      act.subjectId,
      JSON.stringify(act.detail),
    ],
  });
}
