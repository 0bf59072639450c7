/** Every book of one round, held against every other, and against what shoppers were told. */
import type { Audit } from '../../report/audit.ts';
import type { Figures } from '../../report/figures.ts';
import type { CrowdTold } from '../crowd/notes.ts';
import type { StormDrop } from '../drop.ts';
import type { Phase } from '../shops.ts';
import type { SaleStage } from '../stage.ts';
import type { StockSample } from '../stock-watch.ts';
import { auditDrop, auditPasses, auditStore } from './commands.ts';
import { judgeSoldOut, type SoldOutVerdict } from './honest-sold-out.ts';
import { auditTold } from './told-orders.ts';

export interface AuditedRound {
  readonly audit: Audit;
  readonly soldOut: SoldOutVerdict;
  readonly paidOrders: number;
  readonly allOrders: number;
  readonly chargedTwice: number;
  readonly chargedForNothing: number;
  /** Of the drop: both sides of everything that must be true of it. */
  readonly ledger: readonly Figures[];
}

export async function auditRound(given: {
  readonly stage: SaleStage;
  readonly drop: StormDrop;
  readonly told: readonly CrowdTold[];
  readonly samples: readonly StockSample[];
  readonly phases: readonly Phase[];
  readonly signal: AbortSignal;
}): Promise<AuditedRound> {
  const { stage, drop, told, samples, phases, signal } = given;
  const ofDrop = await auditDrop(stage, drop.id, signal);
  const ofStore = await auditStore(stage, signal);
  const passes = await auditPasses(stage, drop.id, signal);
  const books = await auditTold(stage, drop.id, {
    claimIds: told.flatMap(({ claimIds }) => [...claimIds]),
    paidIds: told.flatMap(({ paidIds }) => [...paidIds]),
    unknown: told.reduce((sum, one) => sum + one.unknown, 0),
  });
  const soldOut = judgeSoldOut(
    told.flatMap((one) => [...one.soldOut]),
    samples,
  );
  const problems = [
    ...ofDrop.problems,
    ...ofStore.problems,
    ...books.problems,
    ...passes,
    ...placesTwice(told),
    ...wrongsOf(told),
    ...(soldOut.lies > 0 ? [`${soldOut.lies} were told SOLD_OUT while something was left`] : []),
    ...(soldOut.unknown > 0 ? [`${soldOut.unknown} were told SOLD_OUT while nobody looked at the stock`] : []),
    ...phases.flatMap(shoppingProblems),
    // Books in which nothing stands add up, and show nothing.
    ...(books.orders === 0 ? ['nobody claimed anything before the drop ended: nothing was audited'] : []),
  ];
  return {
    audit: {
      ok: problems.length === 0,
      oversold: ofDrop.oversold,
      lost: ofDrop.lost + books.lost,
      duplicated: ofDrop.duplicated + books.duplicated,
      problems,
    },
    ...{ soldOut, paidOrders: books.paidOrders, allOrders: books.orders },
    ledger: ofDrop.lines,
    chargedTwice: ofDrop.chargedTwice + ofStore.chargedTwice,
    chargedForNothing: ofDrop.chargedForNothing + ofStore.chargedForNothing,
  };
}

function wrongsOf(told: readonly CrowdTold[]): string[] {
  const sums = new Map<string, number>();
  for (const { wrongs } of told) {
    for (const [what, count] of Object.entries(wrongs)) sums.set(what, (sums.get(what) ?? 0) + count);
  }
  return [...sums].map(([what, count]) => `${count} ${what}`);
}

function placesTwice(told: readonly CrowdTold[]): string[] {
  const places = told.flatMap(({ waits }) => waits.flatMap(({ place }) => (place > 0 ? [place] : [])));
  const twice = places.length - new Set(places).size;
  return twice === 0 ? [] : [`${twice} places were given to two shoppers`];
}

/** A store that says that it is too much for it (503) is honest, and counted apart; every other refusal is none. */
function shoppingProblems({ mix, probe }: Phase): string[] {
  return [mix, probe].flatMap(({ failed, failure }) =>
    failed === 0 ? [] : [`${failed} requests of the shop failed, the first: ${failure ?? 'no answer'}`],
  );
}
