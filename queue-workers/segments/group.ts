/**
 * Groups all registered shoppers by what they bought, for the store and for each merchant, a bounded batch of people at a
 * time, and counts who of those that bought first in one month bought again in another.
 */
import { convertForDisplay, type RateTable, REFERENCE_CURRENCY } from '../../commerce/money/convert.ts';
import { segmentsOf } from '../../commerce/segments/segments.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { areSegmentRules, type SegmentRules, USUAL_SEGMENT_RULES } from '../../contracts/segments.ts';
import { findRates } from '../../db/queries/exchange-rates.ts';
import { type CohortRow, findRules, finishRun } from '../../db/queries/segments/segments.ts';
import {
  findPurchases,
  type GroupedShopper,
  nextShoppers,
  type Purchases,
  replaceSegments,
} from '../../db/queries/segments/shoppers.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';

interface Grouping {
  readonly rules: SegmentRules;
  readonly rates: RateTable;
  readonly nowMs: number;
}

/** Answers with how many people it looked at. */
export async function groupShoppers(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  stopping?: AbortSignal,
): Promise<number> {
  const nowMs = clock.now();
  const stored = await findRules(database);
  const known = await findRates(database, nowMs);
  const grouping = {
    rules: areSegmentRules(stored) ? stored : USUAL_SEGMENT_RULES,
    rates: Object.fromEntries(known.map(({ currency, perReference }) => [currency, perReference])),
    nowMs,
  };
  const cohorts = new Map<string, CohortRow>();
  let people = 0;
  for (let after = NOBODY; ; ) {
    const userIds = await nextShoppers(database, after, LIMITS.segmentsBatch);
    const last = userIds.at(-1);
    if (last === undefined) break;
    stopping?.throwIfAborted();
    const purchases = await findPurchases(database, userIds);
    await withTransaction(database, (client) =>
      replaceSegments(client, userIds, groupedOf(purchases, grouping), nowMs),
    );
    addCohorts(cohorts, purchases, nowMs);
    people += userIds.length;
    after = last;
  }
  await withTransaction(database, (client) => finishRun(client, [...cohorts.values()], clock.now()));
  return people;
}

/** One shopper and scope may have bought in several currencies: they become one in that of reference. */
function groupedOf(purchases: readonly Purchases[], { rules, rates, nowMs }: Grouping): GroupedShopper[] {
  return byScope(purchases).map((all) => {
    const { scopeId, userId } = all[0];
    const sum = (of: (one: Purchases) => number) => all.reduce((total, one) => total + of(one), 0);
    const facts = {
      orders: sum(({ orders }) => orders),
      discounted: sum(({ discounted }) => discounted),
      // Without a rate it counts as it is: better about right than not at all.
      spentMinor: sum(
        ({ spentMinor, currency }) => convertForDisplay(spentMinor, currency, REFERENCE_CURRENCY, rates) ?? spentMinor,
      ),
      firstAtMs: Math.min(...all.map(({ firstAtMs }) => firstAtMs)),
      lastAtMs: Math.max(...all.map(({ lastAtMs }) => lastAtMs)),
    };
    const { discounted: _, ...kept } = facts;
    return { scopeId, userId, segments: segmentsOf(facts, rules, nowMs), ...kept };
  });
}

function byScope(purchases: readonly Purchases[]): [Purchases, ...Purchases[]][] {
  const groups = new Map<string, [Purchases, ...Purchases[]]>();
  for (const one of purchases) {
    const key = `${one.scopeId} ${one.userId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function addCohorts(cohorts: Map<string, CohortRow>, purchases: readonly Purchases[], nowMs: number): void {
  const now = new Date(nowMs);
  const oldest = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - LIMITS.cohortMonths, 1)).toISOString();
  for (const all of byScope(purchases)) {
    const { scopeId } = all[0];
    const months = new Map<string, number>();
    for (const one of all) {
      for (const [month, orders] of Object.entries(one.months)) months.set(month, (months.get(month) ?? 0) + orders);
    }
    const [firstMonth] = [...months.keys()].toSorted();
    if (firstMonth === undefined || firstMonth < oldest.slice(0, 10)) continue;
    for (const [month, orders] of months) {
      const key = `${scopeId} ${firstMonth} ${month}`;
      const row = cohorts.get(key) ?? { scopeId, firstMonth, month, shoppers: 0, orders: 0 };
      cohorts.set(key, { ...row, shoppers: row.shoppers + 1, orders: row.orders + orders });
    }
  }
}
