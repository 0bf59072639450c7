/** What a rebalancer has to know of one region of a drop. */
import type { Keys } from '../keys.ts';
import { requireRegion, type Shards } from '../shards.ts';
import { parseLedger, type StockLedger } from '../stock.ts';
import { type Journal, parseJournal } from './journal.ts';
import { readRefused } from './refusals.ts';

export type JournalLook =
  | { readonly state: 'ready' | 'empty'; readonly journal: Journal }
  | { readonly state: 'gone'; readonly error: unknown };

export interface RegionState {
  readonly ledger: ReadonlyMap<string, StockLedger>;
  /** Units by sku that were ever asked for: held, sold, given back when a hold ended, and refused. */
  readonly asked: ReadonlyMap<string, number>;
}

/** A region without terms has lost its data: its units stay out of play until it is rebuilt. */
export async function readJournal(
  core: { readonly shards: Shards; readonly keys: Keys },
  dropId: string,
  region: string,
): Promise<JournalLook> {
  try {
    const { redis } = requireRegion(core.shards, region);
    const { terms, journal } = core.keys.stock(dropId, region);
    const [known, fields] = await Promise.all([redis.exists(terms), redis.hgetall(journal)]);
    return { state: known === 1 ? 'ready' : 'empty', journal: parseJournal(fields, region) };
  } catch (error) {
    return { state: 'gone', error };
  }
}

export async function readRegion(
  core: { readonly shards: Shards; readonly keys: Keys },
  dropId: string,
  region: string,
): Promise<RegionState> {
  const [fields, refused] = await Promise.all([
    requireRegion(core.shards, region).redis.hgetall(core.keys.stock(dropId, region).stock),
    readRefused(core, dropId, region),
  ]);
  const ledger = parseLedger(fields);
  const asked = [...ledger].map(([sku, { held, sold }]) => {
    return [sku, held + sold + Number(fields[`${sku}:released`] ?? '0') + (refused.get(sku) ?? 0)] as const;
  });
  return { ledger, asked: new Map(asked) };
}
