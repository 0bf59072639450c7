/** Units that nobody will ever pay or give back: they go back on their shelves. */
import { LIMITS } from '../../../contracts/limits.ts';
import { heldForNobody, lockHeldForNobody } from '../../../db/queries/reservations/held-for-nobody.ts';
import { endReservations } from '../../../db/queries/stock/reserve-stock.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import type { ReconcileCore, Told } from '../core.ts';

export async function reconcileReservations(core: ReconcileCore): Promise<Told[]> {
  // Drops hold their units in Redis.
  if (core.dropId !== undefined) return [];
  const { database, clock, graceMs, dryRun } = core;
  const found = await heldForNobody(database, clock.now() - graceMs, LIMITS.reconcileMends);
  if (found.length === 0) return [];
  const ids = found.map(({ orderId }) => orderId);
  const mended = dryRun ? new Set<string>() : await release(core, ids);
  return found.map(({ orderId, units }) => {
    const what = `${units} units are held for no checkout and no order that waits`;
    return { kind: 'held-for-nobody', id: orderId, orderId, what, mended: mended.has(orderId) };
  });
}

async function release({ database }: ReconcileCore, orderIds: readonly string[]): Promise<ReadonlySet<string>> {
  return await withTransaction(database, async (client) => {
    return await endReservations(client, await lockHeldForNobody(client, orderIds), 'RELEASED');
  });
}
