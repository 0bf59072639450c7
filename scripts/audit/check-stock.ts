/** The ledgers of the regions against themselves, the merchant's allocation, the holds, and the orders. */
import type { DropDefinition } from '../../contracts/drop.ts';
import type { RegionLedger } from '../../reservation-core/ledgers.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import type { StockLedger } from '../../reservation-core/stock.ts';
import { type StockIdentity, stockIdentities } from '../../reservation-core/stock-identities.ts';
import type { AuditCore, RegionsOfDrop } from './audit-core.ts';
import type { Difference } from './check-claim.ts';
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
  await checkLedgers(check);
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

async function checkLedgers(check: StockCheck): Promise<void> {
  const { tally, drop, regions, core } = check;
  const { shards, keys } = core;
  const transfers = createTransfers({ shards, keys });
  const open = (await Promise.all(regions.known.map((region) => transfers.open(drop.id, region)))).flat();
  const facts = { drop, ledgers: ofKnown(check), regions: regions.known, open };
  for (const found of stockIdentities(facts)) {
    tally.count(found.identity, found.left, found.right);
    const difference = differenceOf(check, found);
    if (difference !== undefined) tally.differ(difference);
  }
}

function differenceOf(check: StockCheck, found: StockIdentity): Difference | undefined {
  const { identity, sku, region, left, right, holds } = found;
  if (holds) return undefined;
  if (identity !== 'transfers') return { identity, id: region === null ? sku : place({ sku, region }), waitsFor: [] };
  // What left a region that can be read may be in one that cannot.
  if (check.regions.missing.length > 0) return undefined;
  const waitsFor: readonly PipelinePart[] = left >= 0 && left <= right ? ['transfers'] : [];
  return { identity, id: sku, waitsFor, isUnderWay: hasMoved(check, sku, ['in', 'out']) };
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
