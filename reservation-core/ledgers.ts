/** The ledgers of all regions of a drop. */
import type { Keys } from './keys.ts';
import type { Shards } from './shards.ts';
import { createStock, type StockLedger } from './stock.ts';

export interface RegionLedger {
  readonly region: string;
  readonly sku: string;
  readonly ledger: StockLedger;
}

export async function readLedgers(
  shards: Shards,
  keys: Keys,
  dropId: string,
  regions: readonly string[] = shards.regions,
): Promise<RegionLedger[]> {
  const stock = createStock({ shards, keys });
  const perRegion = await Promise.all(
    regions.map(async (region) =>
      [...(await stock.ledger(dropId, region))].map(([sku, ledger]) => ({ region, sku, ledger })),
    ),
  );
  return perRegion.flat();
}
