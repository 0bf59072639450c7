/** Acts of merchants and staff on orders: by who has that role now, and in the journal, in the transaction of the act. */
import { holdRole, insertAuditEntry } from '../../db/queries/audit-log.ts';
import type { Doing } from '../../db/queries/shipments/order-step.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

type Parts = Pick<StoreServices, 'nextId' | 'clock'>;

export interface OrderAct {
  readonly action: string;
  readonly subjectKind: 'order' | 'shipment' | 'return' | 'invoice';
  readonly subjectId: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export async function recordOrderAct(
  client: DatabaseClient,
  { nextId }: Parts,
  caller: Identity,
  act: OrderAct,
): Promise<void> {
  const role = await holdRole(client, caller.userId);
  if (role !== caller.role) throw new Refusal('FORBIDDEN');
  await insertAuditEntry(client, { detail: {}, ...act, id: nextId(), actorId: caller.userId, actorRole: role });
}

/** For the steps of orders. */
export function doingOf({ nextId, clock }: Parts, caller: Identity, reason: string): Doing {
  return { actor: `${caller.role} ${caller.userId}`, reason, nowMs: clock.now(), nextId };
}
