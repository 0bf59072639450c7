/**
 * Whether nothing more can be sold of a drop, and how much was. Once its end is published in a region, no claim is won there
 * any more; when then nothing is held, waits in an outbox or is on its way, its counts never change again.
 */
import { type DropDefinition, regionsOf } from '../contracts/drop.ts';
import { stockSnapshot } from './generated/stock-snapshot.ts';
import type { Keys } from './keys.ts';
import { requireRegion, type Shards } from './shards.ts';
import type { StockLedger } from './stock.ts';

export type SaleEnd =
  | { readonly at: 'final' /** Units by sku. */; readonly sold: ReadonlyMap<string, number> }
  /** It will be, by itself. */
  | { readonly at: 'open'; readonly waitsFor: string }
  /** Somebody has to do something about it. */
  | { readonly at: 'broken'; readonly why: string };

interface RegionEnd {
  readonly open?: string;
  readonly broken?: string;
  readonly counts: readonly (StockLedger & { readonly sku: string })[];
}

export async function readSaleEnd(
  core: { readonly shards: Shards; readonly keys: Keys },
  drop: DropDefinition,
): Promise<SaleEnd> {
  const ends = await Promise.all(regionsOf(drop).map((region) => readRegion(core, drop.id, region)));
  const broken = ends.find((end) => end.broken !== undefined)?.broken;
  if (broken !== undefined) return { at: 'broken', why: broken };
  const open = ends.find((end) => end.open !== undefined)?.open;
  if (open !== undefined) return { at: 'open', waitsFor: open };
  const counts = ends.flatMap((end) => end.counts);
  const sold = new Map<string, number>();
  for (const { sku, allocation } of drop.skus) {
    const total = (of: keyof StockLedger) =>
      counts.filter((one) => one.sku === sku).reduce((sum, one) => sum + one[of], 0);
    // The regions are read one after the other: what left one is in the other, or will be (queue-workers/rebalance).
    if (total('in') !== total('out')) return { at: 'open', waitsFor: `units of ${sku} between two regions` };
    const given = Object.values(allocation).reduce((sum, share) => sum + share, 0);
    if (total('sold') + total('available') !== given) {
      const counted = `${total('sold')} are sold and ${total('available')} are left`;
      return { at: 'broken', why: `${given} units of ${sku} were given, ${counted} (npm run audit)` };
    }
    sold.set(sku, total('sold'));
  }
  return { at: 'final', sold };
}

/** Units of a drop that are sold so far, over all its regions. It never gets less. */
export async function readSoldUnits(
  { shards, keys }: { readonly shards: Shards; readonly keys: Keys },
  drop: DropDefinition,
): Promise<number> {
  const regions = await Promise.all(
    regionsOf(drop).map(async (region) => {
      const { skus, counts } = await stockSnapshot(requireRegion(shards, region).scripts, keys.stock(drop.id, region));
      return skus.reduce((sum, _sku, index) => sum + (counts[6 * index + 5] ?? 0), 0);
    }),
  );
  return regions.reduce((sum, units) => sum + units, 0);
}

async function readRegion(
  { shards, keys }: { readonly shards: Shards; readonly keys: Keys },
  dropId: string,
  region: string,
): Promise<RegionEnd> {
  const { scripts } = requireRegion(shards, region);
  const { state, outbox, skus, counts: flat } = await stockSnapshot(scripts, keys.stock(dropId, region));
  if (state === '') return { broken: `${region} has lost its data (npm run rebuild)`, counts: [] };
  if (state !== 'ended') return { open: `${region} to hear of the end`, counts: [] };
  const counts = skus.map((sku, index) => {
    const [allocated = 0, moved = 0, out = 0, available = 0, held = 0, sold = 0] = flat.slice(6 * index, 6 * index + 6);
    return { sku, allocated, in: moved, out, available, held, sold };
  });
  const held = counts.reduce((sum, one) => sum + one.held, 0);
  if (held > 0) return { open: `${held} units in ${region} that are held and not paid yet`, counts };
  return outbox > 0 ? { open: `the outbox of ${region}`, counts } : { counts };
}
