/** From which shelves a drop takes its units: always the same for the same shelves, and from as few as possible. */
import { type StockedShelf, unitsOf } from './plan.ts';

export interface DrawnUnits {
  readonly sku: string;
  readonly warehouseId: string;
  readonly units: number;
}

interface Item {
  readonly sku: string;
  readonly allocation: Readonly<Record<string, number>>;
}

/** The fullest shelf first. Undefined where the shelves do not have it all. */
export function drawShelves(items: readonly Item[], shelves: readonly StockedShelf[]): DrawnUnits[] | undefined {
  const drawn: DrawnUnits[] = [];
  for (const item of items) {
    let missing = unitsOf(item);
    for (const { warehouseId, available } of fullestFirst(shelves.filter(({ sku }) => sku === item.sku))) {
      const units = Math.min(missing, available);
      if (units <= 0) break;
      drawn.push({ sku: item.sku, warehouseId, units });
      missing -= units;
    }
    if (missing > 0) return undefined;
  }
  return drawn;
}

function fullestFirst(shelves: readonly StockedShelf[]): StockedShelf[] {
  return shelves.toSorted((a, b) => b.available - a.available || (a.warehouseId < b.warehouseId ? -1 : 1));
}

export interface GivenShelf {
  readonly warehouseId: string;
  /** Drawn by the drop, and neither sent, nor given back, nor in a parcel. */
  readonly free: number;
}

/**
 * Where units that were not sold go back to: the shelf with the least first, so that what is sold is left in as few
 * places as possible. Undefined where less was drawn than is to go back.
 */
export function returnToShelves(shelves: readonly GivenShelf[], units: number): GivenShelf[] | undefined {
  let left = units;
  const back: GivenShelf[] = [];
  for (const { warehouseId, free } of shelves.toSorted(
    (a, b) => a.free - b.free || (a.warehouseId < b.warehouseId ? 1 : -1),
  )) {
    const given = Math.min(left, free);
    if (given > 0) back.push({ warehouseId, free: given });
    left -= Math.max(0, given);
  }
  return left === 0 ? back : undefined;
}
