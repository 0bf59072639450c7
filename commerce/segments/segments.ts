/** Which groups a shopper is in: recency, frequency, money, and whether it takes a discount. */
import type { Segment, SegmentRules } from '../../contracts/segments.ts';

export interface ShopperFacts {
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly orders: number;
  /** Of these, with a discount. */
  readonly discounted: number;
  /** In minor units of the reference currency, less what went back. */
  readonly spentMinor: number;
}

const DAY_MS = 24 * 3_600_000;

export function segmentsOf(facts: ShopperFacts, rules: SegmentRules, nowMs: number): Segment[] {
  const { firstAtMs, lastAtMs, orders, discounted, spentMinor } = facts;
  const daysSince = (ms: number) => (nowMs - ms) / DAY_MS;
  const isLapsed = daysSince(lastAtMs) > rules.lapsedDays;
  const isLapsing = !isLapsed && daysSince(lastAtMs) > rules.lapsingDays;
  const is: Readonly<Record<Segment, boolean>> = {
    new: daysSince(firstAtMs) <= rules.newDays,
    loyal: orders >= rules.loyalOrders && !isLapsing && !isLapsed,
    lapsing: isLapsing,
    lapsed: isLapsed,
    'high-value': spentMinor >= rules.highValueMinor,
    bargain: orders >= rules.bargainOrders && discounted * 100 >= orders * rules.bargainPercent,
  };
  return ORDER.filter((segment) => is[segment]);
}

const ORDER = ['new', 'loyal', 'lapsing', 'lapsed', 'high-value', 'bargain'] as const;
