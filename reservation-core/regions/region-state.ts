/** What a rebalancer has to know of one region of a drop. */
import type { Keys } from '../keys.ts';
import { requireRegion, type Shards } from '../shards.ts';
import { parseLedger, type StockLedger } from '../stock.ts';
import type { Transfer, Transfers } from './transfers.ts';

export type Journal =
  | { readonly state: 'ready' | 'empty'; readonly open: Transfer[] }
  | { readonly state: 'gone'; readonly error: unknown };

export interface RegionState {
  readonly ledger: ReadonlyMap<string, StockLedger>;
  /** Units by sku whose holds ended without a sale. */
  readonly released: ReadonlyMap<string, number>;
}

/** A region without terms has lost its data: its units stay out of play until it is rebuilt. */
export async function readJournal(
  core: { readonly shards: Shards; readonly keys: Keys; readonly transfers: Transfers },
  dropId: string,
  region: string,
): Promise<Journal> {
  try {
    const { redis } = requireRegion(core.shards, region);
    const [known, open] = await Promise.all([
      redis.exists(core.keys.stock(dropId, region).terms),
      core.transfers.open(dropId, region),
    ]);
    return { state: known === 1 ? 'ready' : 'empty', open };
  } catch (error) {
    return { state: 'gone', error };
  }
}

export async function readRegion(
  core: { readonly shards: Shards; readonly keys: Keys },
  dropId: string,
  region: string,
): Promise<RegionState> {
  const fields = await requireRegion(core.shards, region).redis.hgetall(core.keys.stock(dropId, region).stock);
  const ledger = parseLedger(fields);
  const released = [...ledger.keys()].map((sku) => [sku, Number(fields[`${sku}:released`] ?? '0')] as const);
  return { ledger, released: new Map(released) };
}
