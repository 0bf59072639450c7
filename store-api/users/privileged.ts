/**
 * An act that only a role allows. The token says which role somebody had up to fifteen minutes ago, so it is asked for
 * again; and the journal has the act exactly when it happened, as both are one transaction.
 */
import { holdRole, insertAuditEntry } from '../../db/queries/audit-log.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

export interface Act {
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** Ids and words, nothing personal: the journal cannot be erased from. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What sellers do with what is theirs, and admins with what is somebody's: of an admin the journal has it. */
export function actAsSeller<T>(
  { database, nextId }: Pick<StoreServices, 'database' | 'nextId'>,
  actor: Identity,
  act: Act,
  work: (client: DatabaseClient) => Promise<T>,
): Promise<T> {
  if (actor.role === 'admin') return actPrivileged({ database, nextId }, actor, act, work);
  return withTransaction(database, work);
}

export function actPrivileged<T>(
  { database, nextId }: Pick<StoreServices, 'database' | 'nextId'>,
  actor: Identity,
  act: Act,
  work: (client: DatabaseClient) => Promise<T>,
): Promise<T> {
  return withTransaction(database, async (client) => {
    const role = await holdRole(client, actor.userId);
    if (role !== actor.role) throw new Refusal('FORBIDDEN');
    const done = await work(client);
    await insertAuditEntry(client, { detail: {}, ...act, id: nextId(), actorId: actor.userId, actorRole: role });
    return done;
  });
}
