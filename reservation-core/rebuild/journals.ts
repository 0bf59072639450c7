/** Reads the journals of regions: which units came in and went out, in each one's own words. */
import type { Keys } from '../keys.ts';
import { type Journal, parseJournal } from '../regions/journal.ts';
import { requireRegion, type Shards } from '../shards.ts';
import type { Movement } from './known.ts';

export type Journals = ReadonlyMap<string, Journal>;

export async function readJournals(
  shards: Shards,
  keys: Keys,
  dropId: string,
  regions: readonly string[],
): Promise<Journals> {
  const journals = regions.map(async (region) => {
    const fields = await requireRegion(shards, region).redis.hgetall(keys.stock(dropId, region).journal);
    return [region, parseJournal(fields, region)] as const;
  });
  return new Map(await Promise.all(journals));
}

export function movementsOf(journals: Journals): Movement[] {
  return [...journals.values()].flatMap(({ movements }) => movements);
}

/** Compared by their units, since what is settled in between has other names and the same units. */
export function sameMovements(before: Journals, after: Journals, lost: readonly string[]): boolean {
  return unitsWith(before, lost) === unitsWith(after, lost);
}

function unitsWith(journals: Journals, lost: readonly string[]): string {
  const sums = new Map<string, number>();
  for (const { of, direction, other, sku, units } of movementsOf(journals)) {
    const name = `${of} ${direction} ${other} ${sku}`;
    if (lost.includes(other)) sums.set(name, (sums.get(name) ?? 0) + units);
  }
  return [...sums]
    .map((sum) => sum.join(' '))
    .toSorted()
    .join('\n');
}
