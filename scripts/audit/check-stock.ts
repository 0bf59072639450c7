/** The ledgers of the regions against themselves, the merchant's allocation, the holds, and the orders. */
import type { DropDefinition } from '../../contracts/drop.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { isBalanced, type StockLedger } from '../../reservation-core/stock.ts';
import type { RegionLedger } from '../rebuild/ledgers.ts';
import type { AuditCore, RegionsOfDrop } from './audit-core.ts';
import type { IdentityName, PipelinePart } from './report.ts';
import type { Tally } from './tally.ts';

export interface StockCheck {
  readonly core: AuditCore;
  readonly tally: Tally;
  readonly drop: DropDefinition;
  readonly regions: RegionsOfDrop;
  /** Before the holds and the orders were read, and now: what moved meanwhile is no difference. */
  readonly before: readonly RegionLedger[];
  readonly ledgers: readonly RegionLedger[];
}

export async function checkStock(check: StockCheck): Promise<void> {
  checkBalances(check);
  await checkAllocation(check);
  const { tally } = check;
  compare(check, 'held-units', 'held', tally.heldHolds);
  compare(check, 'sold-units', 'sold', tally.soldHolds);
  compare(check, 'held', 'held', tally.held);
  compare(check, 'sold', 'sold', tally.sold);
}

const place = ({ sku, region }: Pick<RegionLedger, 'sku' | 'region'>): string => `${sku}@${region}`;

function ofKnown({ ledgers, regions }: StockCheck): RegionLedger[] {
  return ledgers.filter(({ region }) => regions.known.includes(region));
}

function checkBalances(check: StockCheck): void {
  for (const one of ofKnown(check)) {
    const { allocated, in: moved, out, available, held, sold } = one.ledger;
    check.tally.count('balance', allocated + moved - out, available + held + sold);
    if (!isBalanced(one.ledger)) check.tally.differ({ identity: 'balance', id: place(one), waitsFor: [] });
  }
}

async function checkAllocation(check: StockCheck): Promise<void> {
  const { tally, drop, regions, core } = check;
  const { shards, keys } = core;
  const transfers = createTransfers({ shards, keys });
  const open = (await Promise.all(regions.known.map((region) => transfers.open(drop.id, region)))).flat();
  for (const { sku, allocation } of drop.skus) {
    const own = ofKnown(check).filter((one) => one.sku === sku);
    const total = (count: keyof StockLedger) => own.reduce((sum, { ledger }) => sum + ledger[count], 0);
    const given = regions.known.reduce((sum, region) => sum + (allocation[region] ?? 0), 0);
    tally.count('given', total('allocated'), given);
    if (total('allocated') !== given) tally.differ({ identity: 'given', id: sku, waitsFor: [] });
    // What is open may have arrived already, and only its note be missing.
    const onTheWay = open.filter((one) => one.sku === sku).reduce((sum, { units }) => sum + units, 0);
    const away = total('out') - total('in');
    tally.count('transfers', away, onTheWay);
    if (regions.missing.length > 0 || away === onTheWay) continue;
    const waitsFor: readonly PipelinePart[] = away >= 0 && away <= onTheWay ? ['transfers'] : [];
    tally.differ({ identity: 'transfers', id: sku, waitsFor, isUnderWay: hasMoved(check, sku, ['in', 'out']) });
  }
}

function compare(
  check: StockCheck,
  identity: IdentityName,
  count: 'held' | 'sold',
  units: ReadonlyMap<string, number>,
): void {
  const ledgers = ofKnown(check);
  const places = new Set([...units.keys(), ...ledgers.map(place)]);
  for (const id of places) {
    const inLedger = ledgers.find((one) => place(one) === id)?.ledger[count] ?? 0;
    const added = units.get(id) ?? 0;
    check.tally.count(identity, inLedger, added);
    if (inLedger === added) continue;
    const [sku = ''] = id.split('@');
    // Claims that differ are named one by one; the place stands for what is wrong without one.
    check.tally.differ({
      identity,
      id,
      waitsFor: WAITS_FOR[identity] ?? [],
      isUnderWay: hasMoved(check, sku, [count]),
    });
  }
}

const WAITS_FOR: Partial<Record<IdentityName, readonly PipelinePart[]>> = {
  held: ['outbox', 'won', 'released', 'payments'],
  sold: ['payments'],
};

function hasMoved({ before, ledgers }: StockCheck, sku: string, counts: readonly (keyof StockLedger)[]): boolean {
  const text = (all: readonly RegionLedger[]) =>
    all
      .filter((one) => one.sku === sku)
      .map((one) => `${place(one)} ${counts.map((count) => one.ledger[count]).join(' ')}`)
      .toSorted()
      .join();
  return text(before) !== text(ledgers);
}
