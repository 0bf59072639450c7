/**
 * Walks over the orders of the last hours, in the order of their ids, a page at a time, together with their holds. Where
 * it stopped it goes on in the next round, so a shop with millions of orders is never read whole at once.
 */
import { regionsOf } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type SweptOrder, sweptOrders } from '../../db/queries/swept-orders.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createHoldStates, type HoldRecord } from '../../reservation-core/hold-states.ts';
import type { ReconcileCore, Seen } from './core.ts';

export interface OrderPage {
  readonly seen: readonly Seen[];
  /** Where to go on; undefined at the end. */
  readonly next: string | undefined;
}

export async function readOrderPage(core: ReconcileCore, after: string | undefined): Promise<OrderPage> {
  const nowMs = core.clock.now();
  const orders = await sweptOrders(core.database, {
    afterId: after ?? firstIdOf(nowMs - core.windowMs),
    beforeId: firstIdOf(nowMs - core.graceMs),
    most: LIMITS.ordersBatch,
    ...(core.dropId === undefined ? {} : { dropId: core.dropId }),
  });
  const last = orders.length < LIMITS.ordersBatch ? undefined : orders.at(-1)?.id;
  return { seen: await withHolds(core, orders), next: last };
}

/** Below every id of that moment and of later ones. */
export function firstIdOf(timeMs: number): string {
  const hex = Math.max(0, Math.trunc(timeMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Read after the order: a hold that has ended since then is found by the next sweep. */
export async function withHolds(core: ReconcileCore, orders: readonly SweptOrder[]): Promise<Seen[]> {
  const holds = new Map<string, ReadonlyMap<string, HoldRecord>>();
  // What is set aside for an order of the store is in the same database, and comes with it.
  const ofDrops = orders.filter(({ source }) => source === 'drop');
  const place = ({ dropId, region }: SweptOrder) => `${dropId} ${region}`;
  for (const [name, inRegion] of Map.groupBy(ofDrops, place)) {
    const found = await findHolds(core, inRegion);
    if (found !== undefined) holds.set(name, found);
  }
  return orders.map((order) => {
    const inRegion = holds.get(place(order));
    return { order, hold: inRegion === undefined ? 'not asked' : inRegion.get(order.id) };
  });
}

async function findHolds(
  core: ReconcileCore,
  orders: readonly SweptOrder[],
): Promise<ReadonlyMap<string, HoldRecord> | undefined> {
  const [first] = orders;
  if (first === undefined) return undefined;
  const { dropId, region } = first;
  if (dropId === null || region === null || !(await canTell(core, dropId, region))) return undefined;
  const states = createHoldStates(core);
  return await states.find(
    dropId,
    region,
    orders.map(({ id }) => id),
  );
}

/** A region that is away, has lost its terms, or has let the drop go long after its end cannot say that there is no hold. */
export async function canTell(core: ReconcileCore, dropId: string, region: string): Promise<boolean> {
  const { shards } = core;
  if (shards.region(region) === undefined || shards.missing().includes(region)) return false;
  return await createHoldStates(core).isKnown(dropId, region);
}

export interface RegionOfDrop {
  readonly dropId: string;
  readonly region: string;
}

/** Where holds are looked at. */
export async function regionsToLookAt(core: ReconcileCore): Promise<RegionOfDrop[]> {
  const drops = createDrops(core);
  const places: RegionOfDrop[] = [];
  for (const dropId of core.dropId === undefined ? await drops.ids() : [core.dropId]) {
    const drop = await drops.find(dropId);
    for (const region of drop === undefined ? [] : regionsOf(drop)) {
      if (await canTell(core, dropId, region)) places.push({ dropId, region });
    }
  }
  return places;
}
