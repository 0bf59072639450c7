/** What is compared for the ledger of a drop, beyond what reservation-core/stock-identities.ts says of the stock alone. */
import type { OrderUnits } from '../../db/queries/drops/order-figures.ts';
import type { DropShelf } from '../../db/queries/drops/seller-drops.ts';
import { type RegionLedger, readLedgers } from '../../reservation-core/ledgers.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { STOCK_IDENTITIES } from '../../reservation-core/stock-identities.ts';
import type { SaleCore } from '../services.ts';

export const IDENTITIES = {
  ...STOCK_IDENTITIES,
  sold: 'sold in Redis = units of paid orders',
  held: 'held in Redis = units of waiting orders',
  drawn: 'drawn from the shelves = what the merchant gave',
  settled: 'drawn = sold + given back',
} as const;

export type Verdict = 'ok' | 'under way' | 'broken';
export interface Compared {
  readonly identity: keyof typeof IDENTITIES;
  readonly sku: string;
  readonly region: string | null;
  readonly left: number;
  readonly right: number;
  readonly verdict: Verdict;
}

export function verdictOf(holds: boolean, mayDiffer: boolean): Verdict {
  return holds ? 'ok' : mayDiffer ? 'under way' : 'broken';
}

export interface ReadRegions {
  readonly ledgers: RegionLedger[];
  readonly regions: string[];
  readonly unreachable: string[];
  readonly open: Awaited<ReturnType<ReturnType<typeof createTransfers>['open']>>;
}

export async function readRegions(
  sale: SaleCore | undefined,
  dropId: string,
  wanted: readonly string[],
): Promise<ReadRegions> {
  if (sale === undefined) return { ledgers: [], regions: [], unreachable: [...wanted], open: [] };
  const { shards, keys } = sale;
  const transfers = createTransfers({ shards, keys });
  const read: ReadRegions = { ledgers: [], regions: [], unreachable: [], open: [] };
  for (const region of wanted) {
    try {
      const open = await transfers.open(dropId, region);
      const ledgers = await readLedgers(shards, keys, dropId, [region]);
      // Not published yet, or its data is lost.
      if (ledgers.length === 0) read.unreachable.push(region);
      else {
        read.ledgers.push(...ledgers);
        read.regions.push(region);
        read.open.push(...open);
      }
    } catch {
      read.unreachable.push(region);
    }
  }
  return read;
}

export function againstOrders(
  ledgers: readonly RegionLedger[],
  orders: readonly OrderUnits[],
  isSettled: boolean,
): Compared[] {
  return ledgers.flatMap(({ sku, region, ledger }) => {
    const own = orders.find((one) => one.sku === sku && one.region === region);
    const [sold, held, calledOff] = [own?.sold ?? 0, own?.held ?? 0, own?.calledOff ?? 0];
    // What was called off after it was paid may have come back, or not.
    const isSold = ledger.sold <= sold && ledger.sold >= sold - calledOff;
    return [
      { ...{ identity: 'sold', sku, region }, left: ledger.sold, right: sold, verdict: verdictOf(isSold, !isSettled) },
      {
        ...{ identity: 'held', sku, region },
        ...{ left: ledger.held, right: held, verdict: verdictOf(ledger.held === held, !isSettled) },
      },
    ] satisfies Compared[];
  });
}

export function againstShelves(
  items: readonly { readonly sku: string; readonly allocation: Readonly<Record<string, number>> }[],
  { ledgers, unreachable }: ReadRegions,
  shelves: readonly DropShelf[],
  isSettled: boolean,
): Compared[] {
  return items.flatMap(({ sku, allocation }) => {
    const own = shelves.filter((shelf) => shelf.sku === sku);
    if (own.length === 0) return [];
    const total = (count: 'units' | 'returned') => own.reduce((sum, shelf) => sum + shelf[count], 0);
    const given = Object.values(allocation).reduce((sum, units) => sum + units, 0);
    const sold = ledgers.reduce((sum, one) => sum + (one.sku === sku ? one.ledger.sold : 0), 0);
    const drawn: Compared = {
      ...{ identity: 'drawn', sku, region: null, left: total('units'), right: given },
      verdict: verdictOf(total('units') === given, false),
    };
    const back = sold + total('returned');
    const settled: Compared = {
      ...{ identity: 'settled', sku, region: null, left: total('units'), right: back },
      verdict: verdictOf(total('units') === back, !isSettled || unreachable.length > 0),
    };
    return [drawn, settled];
  });
}
