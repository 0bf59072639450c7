/**
 * When to order, and how much: what is expected until an order of now has come, and a stock for the case that more is asked
 * for, so large that in the given share of all times it suffices. Orders are made every so many days, so the stock has to
 * last that much longer.
 */
import type { Forecast } from './forecast.ts';
import { sumOf } from './numbers.ts';
import { normalQuantile } from './quantiles.ts';

export interface ReorderRule {
  readonly leadDays: number;
  readonly reviewDays: number;
  readonly serviceLevel: number;
  /** Units are ordered in packs of so many. */
  readonly packUnits: number;
}

export const REORDER_DEFAULTS: ReorderRule = { leadDays: 14, reviewDays: 7, serviceLevel: 0.95, packUnits: 1 };

export interface Reorder {
  /** Once no more than this is free and on its way, it is time. */
  readonly reorderPoint: number;
  readonly safetyStock: number;
  readonly leadTimeDemand: number;
  /** What should be there after an order. */
  readonly upTo: number;
  readonly isDue: boolean;
  /** 0 while it is not due. */
  readonly quantity: number;
  /** Days until nothing is left at the pace that is expected; null when it lasts for longer than is looked ahead. */
  readonly lastsDays: number | null;
}

type Expected = Pick<Forecast, 'mean' | 'deviation'>;

export function reorderOf(forecast: Expected, rule: ReorderRule, available: number): Reorder {
  const lead = demandOver(forecast, rule.leadDays);
  const whole = demandOver(forecast, rule.leadDays + rule.reviewDays);
  const factor = normalQuantile(rule.serviceLevel);
  const safetyStock = Math.ceil(factor * lead.deviation);
  const reorderPoint = Math.ceil(lead.mean + factor * lead.deviation);
  const upTo = Math.max(reorderPoint, Math.ceil(whole.mean + factor * whole.deviation));
  const isDue = reorderPoint > 0 && available <= reorderPoint;
  const missing = isDue ? Math.max(0, upTo - available) : 0;
  return {
    ...{ reorderPoint, safetyStock, upTo, isDue, leadTimeDemand: Math.round(lead.mean * 10) / 10 },
    quantity: Math.ceil(missing / rule.packUnits) * rule.packUnits,
    lastsDays: lastsDays(forecast.mean, available),
  };
}

/** Beyond what is forecast it goes on like its last week; the doubt grows with the root of the days. */
export function demandOver({ mean, deviation }: Expected, days: number): { mean: number; deviation: number } {
  const known = Math.min(days, mean.length);
  const sum = sumOf(mean.slice(0, known));
  const last = deviation[known - 1] ?? 0;
  if (days <= mean.length) return { mean: sum, deviation: last };
  const aWeek = mean.slice(-7);
  const aDay = aWeek.length === 0 ? 0 : sumOf(aWeek) / aWeek.length;
  return {
    mean: sum + (days - known) * aDay,
    deviation: known === 0 ? 0 : last * Math.sqrt(days / known),
  };
}

function lastsDays(mean: readonly number[], available: number): number | null {
  let left = available;
  for (const [day, expected] of mean.entries()) {
    left -= expected;
    // Sums of fractions miss a whole number by a little.
    if (left < -1e-9) return day;
  }
  return null;
}
