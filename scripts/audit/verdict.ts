/** From what was tallied to what is said of it. */
import type { DropDefinition } from '../../contracts/drop.ts';
import type { RegionLedger } from '../../reservation-core/ledgers.ts';
import type { RegionsOfDrop } from './audit-core.ts';
import type { Difference } from './check-claim.ts';
import { describe, isDrained } from './pipeline.ts';
import { type AuditReport, IDENTITIES, type IdentityName, type Line, type Pipeline, type Verdict } from './report.ts';
import { grow, type Tally } from './tally.ts';

export interface Tallied {
  readonly drop: DropDefinition;
  readonly tally: Tally;
  readonly before: Pipeline;
  readonly after: Pipeline;
  readonly ledgers: readonly RegionLedger[];
  readonly regions: RegionsOfDrop;
  readonly nowMs: number;
  readonly asked: ReadonlySet<string>;
  /** Dead letters that were not read. */
  readonly unread: number;
}

const OF_PROVIDERS: readonly IdentityName[] = ['captured-once', 'captured-there', 'refunded-there', 'charge-has-order'];

export function judge(tallied: Tallied): AuditReport {
  const { drop, tally, before, after, ledgers } = tallied;
  const differences = [...tally.differences()].flat();
  const names = Object.keys(IDENTITIES).filter(isIdentity);
  const byName = Map.groupBy(differences, ({ identity }) => identity);
  const lines = names.map((identity) => lineOf(identity, byName.get(identity) ?? [], tallied));
  const isBroken = lines.some(({ verdict }) => verdict === 'broken');
  const isUnderWay = !isDrained(after) || !isDrained(before) || lines.some(({ verdict }) => verdict === 'under way');
  const broken = (identity: IdentityName) => lines.find((line) => line.identity === identity)?.broken ?? [];
  const forNothing = differences.filter((one) => one.harm !== undefined && !isExplained(one, tallied));
  return {
    ...{ dropId: drop.id, title: drop.title, at: new Date(tallied.nowMs).toISOString() },
    verdict: isBroken ? 'broken' : isUnderWay ? 'not drained' : 'ok',
    totals: {
      oversold: oversoldUnits(tallied),
      lost: new Set([...broken('hold-has-order'), ...broken('order-has-hold')]).size,
      duplicated: broken('one-order-a-claim').length,
      chargedTwice: new Set([...broken('paid-once'), ...broken('captured-once')]).size,
      chargedForNothing: new Set(forNothing.map(({ id }) => id)).size,
    },
    ...{ lines, pipeline: after, orders: tally.orders, ledgers, notes: notesOf(tallied) },
  };
}

function lineOf(identity: IdentityName, differences: readonly Difference[], tallied: Tallied): Line {
  const ids = (isWanted: (one: Difference) => boolean) =>
    [...new Set(differences.filter(isWanted).map(({ id }) => id))].toSorted();
  const underWay = ids((one) => isExplained(one, tallied));
  const broken = ids((one) => !isExplained(one, tallied));
  const verdict: Verdict = broken.length > 0 ? 'broken' : underWay.length > 0 ? 'under way' : 'ok';
  const wasAsked = !OF_PROVIDERS.includes(identity) || tallied.asked.size > 0;
  return { identity, ...tallied.tally.sides(identity), verdict: wasAsked ? verdict : 'not asked', broken, underWay };
}

function isExplained({ waitsFor, isUnderWay }: Difference, { before, after }: Tallied): boolean {
  return isUnderWay === true || waitsFor.some((part) => before[part] > 0 || after[part] > 0);
}

/** By what Redis says and by what the orders say, whichever is more. */
function oversoldUnits({ drop, ledgers, tally, regions }: Tallied): number {
  const inOrders = new Map<string, number>();
  for (const [place, units] of [...tally.sold, ...tally.held]) grow(inOrders, place.split('@')[0] ?? '', units);
  return drop.skus.reduce((sum, { sku, allocation }) => {
    const given = Object.values(allocation).reduce((units, share) => units + share, 0);
    const own = ledgers.filter((one) => one.sku === sku && regions.known.includes(one.region));
    const inRedis = own.reduce((units, { ledger }) => units + ledger.held + ledger.sold, 0);
    return sum + Math.max(0, inRedis - given, (inOrders.get(sku) ?? 0) - given);
  }, 0);
}

function notesOf({ before, after, regions, unread }: Tallied): string[] {
  const missing = regions.missing.map(
    (region) => `${region} cannot be read or has lost its data: its holds were not compared (npm run rebuild).`,
  );
  const moving = isDrained(after) ? before : after;
  const letters = unread === 0 ? [] : [`${unread} dead letters were not read: there are too many (npm run dlq).`];
  return [...missing, ...letters, ...(isDrained(moving) ? [] : [`Still under way: ${describe(moving)}.`])];
}

function isIdentity(name: string): name is IdentityName {
  return Object.hasOwn(IDENTITIES, name);
}
