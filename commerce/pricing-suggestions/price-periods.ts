/** Which price was asked on which days, and what was asked for then. */
import type { PricePeriod } from './elasticity.ts';

export interface PastPrice {
  readonly atMs: number;
  readonly price: number;
}

export interface DayUnits {
  readonly day: number;
  readonly units: number;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Days count from `fromMs`, the beginning of one. The days on which a price changed are left out, and those before the
 * first price; the prices are given in the order of their times.
 */
export function pricePeriods(
  history: readonly PastPrice[],
  demand: readonly DayUnits[],
  { fromMs, days }: { readonly fromMs: number; readonly days: number },
): PricePeriod[] {
  const units = new Map(demand.map((one) => [one.day, one.units]));
  const periods = new Map<number, { price: number; days: number; units: number }>();
  let next = 0;
  let price: number | undefined;
  for (let day = 0; day < days; day += 1) {
    const endsMs = fromMs + (day + 1) * DAY_MS;
    const before = price;
    let changed = false;
    for (; next < history.length && (history[next]?.atMs ?? 0) < endsMs; next += 1) {
      price = history[next]?.price;
      changed ||= (history[next]?.atMs ?? 0) >= endsMs - DAY_MS;
    }
    if (price === undefined || (changed && price !== before)) continue;
    const period = periods.get(price) ?? { price, days: 0, units: 0 };
    period.days += 1;
    period.units += units.get(day) ?? 0;
    periods.set(price, period);
  }
  return [...periods.values()];
}
