/** What must be true of the ledgers of a drop by themselves (docs/LEDGER.md): with both sides, so that it can be shown. */
import type { DropDefinition } from '../contracts/drop.ts';
import type { RegionLedger } from './ledgers.ts';
import type { Transfer } from './regions/transfers.ts';
import { isBalanced, type StockLedger } from './stock.ts';

export const STOCK_IDENTITIES = {
  balance: 'allocated + in − out = available + held + sold, all ≥ 0',
  given: 'allocated = what the merchant gave',
  transfers: 'sent − received = on the way',
} as const;

export interface StockIdentity {
  readonly identity: keyof typeof STOCK_IDENTITIES;
  readonly sku: string;
  /** Null for one that is about all regions together. */
  readonly region: string | null;
  readonly left: number;
  readonly right: number;
  readonly holds: boolean;
}

export interface StockFacts {
  readonly drop: Pick<DropDefinition, 'skus'>;
  /** Of the regions that could be read. */
  readonly ledgers: readonly RegionLedger[];
  readonly regions: readonly string[];
  /** Transfers that left one of them and are not noted as arrived. */
  readonly open: readonly Transfer[];
}

export function stockIdentities(facts: StockFacts): StockIdentity[] {
  return [...balances(facts), ...facts.drop.skus.flatMap((item) => acrossRegions(facts, item))];
}

function balances({ ledgers }: StockFacts): StockIdentity[] {
  return ledgers.map(({ sku, region, ledger }) => {
    const { allocated, in: moved, out, available, held, sold } = ledger;
    const sides = { left: allocated + moved - out, right: available + held + sold };
    return { identity: 'balance', sku, region, ...sides, holds: isBalanced(ledger) };
  });
}

function acrossRegions(
  { ledgers, regions, open }: StockFacts,
  { sku, allocation }: DropDefinition['skus'][number],
): StockIdentity[] {
  const own = ledgers.filter((one) => one.sku === sku);
  const total = (count: keyof StockLedger) => own.reduce((sum, { ledger }) => sum + ledger[count], 0);
  const given = regions.reduce((sum, region) => sum + (allocation[region] ?? 0), 0);
  // What is open may have arrived already, and only its note be missing.
  const onTheWay = open.filter((one) => one.sku === sku).reduce((sum, { units }) => sum + units, 0);
  const away = total('out') - total('in');
  return [
    {
      ...{ identity: 'given', sku, region: null },
      left: total('allocated'),
      right: given,
      holds: total('allocated') === given,
    },
    { ...{ identity: 'transfers', sku, region: null }, left: away, right: onTheWay, holds: away === onTheWay },
  ];
}
