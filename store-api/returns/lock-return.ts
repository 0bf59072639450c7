import { findReturn, type ReturnState, type StoredReturn } from '../../db/queries/returns/find-returns.ts';
import { type LockedOrder, lockOrder } from '../../db/queries/shipments/lock-order.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { sellers } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';

export const DECIDERS = sellers('orders', 'support');

export interface LockedReturn {
  readonly order: LockedOrder;
  readonly wanted: StoredReturn;
}

/** A return that the caller may decide on, as it stays: who changes one holds its order. */
export async function lockReturn(
  client: DatabaseClient,
  id: string,
  { role, userId }: Identity,
  expected: ReturnState,
): Promise<LockedReturn> {
  const seen = await findReturn(client, id);
  if (seen === undefined || (role === 'merchant' && seen.merchantId !== userId)) throw new Refusal('NOT_FOUND');
  const order = await lockOrder(client, seen.orderId);
  const wanted = await findReturn(client, id);
  if (order === undefined || wanted === undefined) throw new Refusal('NOT_FOUND');
  if (wanted.status !== expected) {
    const detail = `The return is ${wanted.status}; this is for one that is ${expected}.`;
    throw new Refusal('STEP_REFUSED', { detail });
  }
  return { order, wanted };
}
