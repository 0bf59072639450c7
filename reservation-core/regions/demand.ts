/**
 * What a region asks for, from successive looks at it. One that is sold out may show no demand (people who see "sold
 * out" do not ask), which does not mean that it has none: what it asked for before is believed for some minutes more.
 */

export interface Observation {
  readonly atMs: number;
  /** All units that were ever asked for here, refused ones included as far as they are known. Falls only by a rebuild. */
  readonly asked: number;
  readonly available: number;
}

interface Estimate extends Observation {
  readonly perSecond: number;
  /** Nobody could ask between this observation and the next one. */
  readonly interrupted: boolean;
}

export interface Demand {
  /** Units a second, after this observation. `sinceMs` is when the sale began, for the first one. */
  observe(key: string, seen: Observation, sinceMs: number): number;
  /** It was closed since the last observation (its Redis gone, or being rebuilt): that nobody asked says nothing. */
  interrupt(isClosed: (key: string) => boolean): void;
  /** Forgets all but these. */
  keepOnly(isKept: (key: string) => boolean): void;
}

const HALF_LIFE_MS = 5_000;
const SOLD_OUT_HALF_LIFE_MS = 180_000;
const LEAST_SALE_MS = 1_000;

export function createDemand(): Demand {
  const estimates = new Map<string, Estimate>();
  return {
    observe(key, seen, sinceMs) {
      const before = estimates.get(key);
      // A second look within the same millisecond has nothing new to say.
      if (before !== undefined && seen.atMs <= before.atMs) return before.perSecond;
      const perSecond = before === undefined ? average(seen, sinceMs) : follow(before, seen);
      estimates.set(key, { ...seen, perSecond, interrupted: false });
      return perSecond;
    },
    interrupt(isClosed) {
      for (const [key, before] of estimates)
        if (!before.interrupted && isClosed(key)) estimates.set(key, { ...before, interrupted: true });
    },
    keepOnly(isKept) {
      for (const key of estimates.keys()) if (!isKept(key)) estimates.delete(key);
    },
  };
}

/** A leader that is new has no history: the whole sale so far is its first measure. */
function average(seen: Observation, sinceMs: number): number {
  return (1_000 * seen.asked) / Math.max(LEAST_SALE_MS, seen.atMs - sinceMs);
}

function follow(before: Estimate, seen: Observation): number {
  // A count that fell is that of a region which was rebuilt: what it had given back or refused is no longer in it.
  if (before.interrupted || seen.asked < before.asked) return before.perSecond;
  const passedMs = seen.atMs - before.atMs;
  const measured = (1_000 * (seen.asked - before.asked)) / passedMs;
  const soldOut = seen.available === 0;
  const halfLifeMs = soldOut && before.available === 0 ? SOLD_OUT_HALF_LIFE_MS : HALF_LIFE_MS;
  const smoothed = measured + (before.perSecond - measured) * 0.5 ** (passedMs / halfLifeMs);
  // Whoever sold out would have sold more: what was measured is the least that was asked for.
  return soldOut ? Math.max(measured, smoothed) : smoothed;
}
