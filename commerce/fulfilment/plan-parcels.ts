/**
 * From which warehouses an order is sent: in as few parcels as possible, and of equally few from the nearest. A parcel is
 * what one merchant sends from one warehouse, so each merchant's lines are planned by themselves.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { type Destination, nearestFirst, type WarehousePlace } from './nearest.ts';

export interface PlannedLine {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
  readonly merchantId: string;
}

export interface StockThere {
  readonly sku: string;
  readonly warehouseId: string;
  readonly available: number;
}

export interface ParcelPart {
  readonly line: number;
  readonly sku: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

export interface Shortage {
  readonly sku: string;
  readonly asked: number;
  readonly available: number;
}

export interface ParcelQuestion {
  readonly lines: readonly PlannedLine[];
  readonly stock: readonly StockThere[];
  /** Stock in one that is not named here is not sent from. */
  readonly warehouses: readonly WarehousePlace[];
  readonly destination: Destination;
}

export type ParcelPlan =
  | { readonly ok: true; readonly parts: readonly ParcelPart[] }
  | { readonly ok: false; readonly short: readonly Shortage[] };

export function planParcels({ lines, stock, warehouses, destination }: ParcelQuestion): ParcelPlan {
  const shelves = new Shelves(nearestFirst(warehouses, destination), stock);
  const asked = askedOf(lines);
  const short = [...asked]
    .map(([sku, quantity]) => ({ sku, asked: quantity, available: shelves.total(sku) }))
    .filter((one) => one.available < one.asked);
  if (short.length > 0) return { ok: false, short };
  const parts: ParcelPart[] = [];
  for (const ofMerchant of Map.groupBy(lines, ({ merchantId }) => merchantId).values()) {
    const from = fewest(shelves, askedOf(ofMerchant));
    for (const line of ofMerchant) parts.push(...shelves.take(line, from));
  }
  return { ok: true, parts: parts.toSorted((a, b) => a.line - b.line) };
}

type Asked = ReadonlyMap<string, number>;

function askedOf(lines: readonly PlannedLine[]): Asked {
  const asked = new Map<string, number>();
  for (const { sku, quantity } of lines) asked.set(sku, (asked.get(sku) ?? 0) + quantity);
  return asked;
}

/** What lies where; it gets less with each part that is taken. Warehouses are known by how near they are, 0 the nearest. */
class Shelves {
  readonly #ids: readonly string[];
  readonly #left: readonly Map<string, number>[];

  constructor(places: readonly WarehousePlace[], stock: readonly StockThere[]) {
    this.#ids = places.map(({ id }) => id);
    this.#left = places.map(() => new Map<string, number>());
    const rankOf = new Map(this.#ids.map((id, rank) => [id, rank]));
    for (const { sku, warehouseId, available } of stock) {
      const shelf = this.#left[rankOf.get(warehouseId) ?? -1];
      if (available > 0) shelf?.set(sku, (shelf.get(sku) ?? 0) + available);
    }
  }

  total(sku: string, from: readonly number[] = [...this.#left.keys()]): number {
    return from.reduce((sum, rank) => sum + this.at(rank, sku), 0);
  }

  at(rank: number, sku: string): number {
    return this.#left[rank]?.get(sku) ?? 0;
  }

  /** Those that have any of it, the nearest first. */
  withAny(asked: Asked): number[] {
    return [...this.#left.keys()].filter((rank) => [...asked.keys()].some((sku) => this.at(rank, sku) > 0));
  }

  covers(asked: Asked, from: readonly number[]): boolean {
    return [...asked].every(([sku, quantity]) => this.total(sku, from) >= quantity);
  }

  /** A whole line from one of them where one has it, or what the nearest has and the rest from the next. */
  take({ line, sku, quantity }: PlannedLine, from: readonly number[]): ParcelPart[] {
    const whole = from.find((rank) => this.at(rank, sku) >= quantity);
    const parts: ParcelPart[] = [];
    let missing = quantity;
    for (const rank of whole === undefined ? from : [whole]) {
      const taken = Math.min(missing, this.at(rank, sku));
      const warehouseId = this.#ids[rank];
      if (taken === 0 || warehouseId === undefined) continue;
      this.#left[rank]?.set(sku, this.at(rank, sku) - taken);
      parts.push({ line, sku, warehouseId, quantity: taken });
      missing -= taken;
    }
    return parts;
  }
}

/** The smallest set of warehouses that has all of it; of sets of one size the one with the nearest in it. */
function fewest(shelves: Shelves, asked: Asked): readonly number[] {
  const places = shelves.withAny(asked);
  let looks: number = LIMITS.parcelPlansTried;
  for (let size = 1; size < places.length; size += 1) {
    for (const set of setsOf(places, size)) {
      if (shelves.covers(asked, set)) return set;
      looks -= 1;
      // Many warehouses of which none has much: as few as possible is then a search without end, so nearly as few.
      if (looks === 0) return nearlyFewest(shelves, asked, places);
    }
  }
  return places;
}

/** All sets of this size, those with the nearest first. */
function* setsOf(places: readonly number[], size: number): Generator<readonly number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let first = 0; first <= places.length - size; first += 1) {
    for (const rest of setsOf(places.slice(first + 1), size - 1)) yield [...places.slice(first, first + 1), ...rest];
  }
}

/** Again and again the one that has most of what is missing, then without those that turned out not to be needed. */
function nearlyFewest(shelves: Shelves, asked: Asked, places: readonly number[]): readonly number[] {
  const missing = new Map(asked);
  const left = new Set(places);
  const chosen: number[] = [];
  while (missing.size > 0 && left.size > 0) {
    const best = mostHelpful(shelves, missing, left);
    for (const [sku, quantity] of missing) {
      const rest = quantity - shelves.at(best, sku);
      if (rest > 0) missing.set(sku, rest);
      else missing.delete(sku);
    }
    left.delete(best);
    chosen.push(best);
  }
  const needed = new Set(chosen.toSorted((a, b) => a - b));
  for (const rank of [...needed].reverse()) {
    const without = [...needed].filter((other) => other !== rank);
    if (shelves.covers(asked, without)) needed.delete(rank);
  }
  return [...needed];
}

/** Of equals the nearest. */
function mostHelpful(shelves: Shelves, missing: Asked, places: Iterable<number>): number {
  let best = { rank: 0, units: -1 };
  for (const rank of places) {
    let units = 0;
    for (const [sku, quantity] of missing) units += Math.min(quantity, shelves.at(rank, sku));
    if (units > best.units) best = { rank, units };
  }
  return best.rank;
}
