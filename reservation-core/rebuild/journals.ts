/** Reads the journals of regions: which units came in and went out, in each one's own words. */
import type { Keys } from '../keys.ts';
import { requireRegion, type Shards } from '../shards.ts';
import type { Movement } from './known.ts';

export async function readJournals(
  shards: Shards,
  keys: Keys,
  dropId: string,
  regions: readonly string[],
): Promise<Movement[]> {
  const journals = await Promise.all(
    regions.map(async (region) => {
      const journal = await requireRegion(shards, region).redis.hgetall(keys.stock(dropId, region).journal);
      return Object.entries(journal).map(([transferId, entry]) => parseEntry(transferId, entry, region));
    }),
  );
  return journals.flat();
}

/** `out|open|sku|units|region`, `out|done|…`, or `in|sku|units|region`. */
function parseEntry(transferId: string, entry: string, of: string): Movement {
  const [direction, ...rest] = entry.split('|');
  const [sku, units, other] = direction === 'out' ? rest.slice(1) : rest;
  if ((direction !== 'in' && direction !== 'out') || sku === undefined || other === undefined) {
    throw new Error(`The journal of ${of} has an entry that is none: ${transferId} ${entry}`);
  }
  return { transferId, of, direction, sku, units: Number(units), other };
}
