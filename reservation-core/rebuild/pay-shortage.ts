/**
 * Between regions that were lost together nobody remembers who passed units on to whom. That one of them has claims for more
 * than it has units shows that some came from the others: such transfers are made up, no more than are needed.
 */
import type { KnownClaim, Movement } from './known.ts';

export interface Shortage {
  readonly sku: string;
  /** Units of each lost region before any claim; never changed here. */
  readonly capacity: ReadonlyMap<string, number>;
  /** Those that take units. */
  readonly claims: readonly KnownClaim[];
  readonly nowMs: number;
}

export interface Paid {
  readonly transfers: readonly Movement[];
  /** Ids of claims whose holds must have ended. */
  readonly ended: ReadonlySet<string>;
  /** Units that are still missing: then nothing may be rebuilt. */
  readonly short: number;
}

export function payShortage({ sku, capacity, claims, nowMs }: Shortage): Paid {
  const free = new Map(capacity);
  for (const { region, quantity } of claims) free.set(region, (free.get(region) ?? 0) - quantity);
  const total = [...free.values()].reduce((sum, units) => sum + units, 0);
  const ended = endOverdue(-total, free, claims, nowMs);

  const transfers: Movement[] = [];
  for (const [to, lack] of free) {
    let missing = -lack;
    for (const [from, spare] of free) {
      const units = Math.min(missing, spare);
      if (units <= 0) continue;
      // The same loss leads to the same ids.
      const transferId = `rebuilt:${sku}:${from}:${to}`;
      transfers.push({ transferId, of: from, direction: 'out', sku, units, other: to });
      transfers.push({ transferId, of: to, direction: 'in', sku, units, other: from });
      free.set(from, spare - units);
      missing -= units;
    }
    if (lack < 0) free.set(to, -missing);
  }
  const short = [...free.values()].reduce((sum, units) => sum + Math.max(0, -units), 0);
  return { transfers, ended, short };
}

/**
 * More claims than units: some holds had ended, and their units were sold again, before PostgreSQL was told. Those are
 * holds whose time is over; the longest overdue end first, no more than are needed.
 */
function endOverdue(
  short: number,
  free: Map<string, number>,
  claims: readonly KnownClaim[],
  nowMs: number,
): ReadonlySet<string> {
  const ended = new Set<string>();
  if (short <= 0) return ended;
  const overdue = claims
    .filter(({ state, holdUntilMs }) => state === 'held' && holdUntilMs <= nowMs)
    .toSorted((a, b) => a.holdUntilMs - b.holdUntilMs || (a.claimId < b.claimId ? -1 : 1));
  let missing = short;
  for (const { claimId, region, quantity } of overdue) {
    if (missing <= 0) break;
    ended.add(claimId);
    free.set(region, (free.get(region) ?? 0) + quantity);
    missing -= quantity;
  }
  return ended;
}
