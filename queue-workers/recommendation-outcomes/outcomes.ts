/** What was shown and clicked in experiments, and orders that may have come of it, into PostgreSQL: each event once. */
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { noteOrders } from '../../db/queries/experiments/attribute-orders.ts';
import { findErasedShoppers } from '../../db/queries/experiments/erased-shoppers.ts';
import { type Counted, countClicked, countShown, takeNewEvents } from '../../db/queries/experiments/note-shown.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { Paid, Seen } from './sort-figures.ts';

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 'yyyy-mm-dd'.length);

/** Says how many were new. */
export async function writeOutcomes(
  database: Database,
  { seen, paid, nowMs }: { readonly seen: readonly Seen[]; readonly paid: readonly Paid[]; readonly nowMs: number },
): Promise<number> {
  if (seen.length === 0 && paid.length === 0) return 0;
  return await withTransaction(database, async (client) => {
    const isNew = await takeNewEvents(client, seen.map(({ eventId }) => eventId).toSorted());
    const erased = await findErasedShoppers(
      client,
      seen.map(({ shopperId }) => shopperId),
    );
    // The same event twice in one batch is one event too.
    const fresh = [...new Map(seen.map((one) => [one.eventId, one])).values()].filter(
      ({ eventId, shopperId }) => isNew.has(eventId) && !erased.has(shopperId),
    );
    await countShown(client, shownOf(fresh), LIMITS.listsPerShopper);
    const clicked = fresh.flatMap((one) =>
      one.productId === undefined ? [] : [{ ...one, productId: one.productId, day: dayOf(one.atMs) }],
    );
    await countClicked(client, clicked, LIMITS.clicksPerShopper);
    const orderIds = paid.map(({ orderId }) => orderId).toSorted();
    await noteOrders(client, orderIds, nowMs + INTERVALS.attributionDelayMs);
    return fresh.length;
  });
}

function shownOf(seen: readonly Seen[]): Counted[] {
  return seen
    .filter(({ productId }) => productId === undefined)
    .map(({ experiment, arm, shopperId, atMs }) => ({ experiment, arm, shopperId, day: dayOf(atMs), count: 1 }));
}
