/** A forecast as of today: the nights in which none was made have gone by all the same. */

import { normalQuantile } from '../../commerce/forecast/quantiles.ts';
import { demandOver } from '../../commerce/forecast/reorder.ts';
import { DAY_MS, dayOf } from '../../db/queries/forecast/count-day.ts';
import type { FoundForecast } from '../../db/queries/forecast/find-forecasts.ts';

export type Expected = Omit<FoundForecast, 'sku' | 'region'>;

const [WEEK, MONTH] = [7, 28];

export function asOfToday(forecast: FoundForecast, nowMs: number): FoundForecast {
  const past = Math.max(0, Math.round((Date.parse(dayOf(nowMs)) - Date.parse(forecast.fromDay)) / DAY_MS));
  if (past === 0) return forecast;
  const { mean, low, high, deviation } = forecast;
  const later = { mean: mean.slice(past), low: low.slice(past), high: high.slice(past) };
  // The doubt about a sum is that of its days: it begins anew, and what is further off stays more doubtful.
  return { ...forecast, ...later, deviation: deviation.slice(0, later.mean.length), fromDay: dayOf(nowMs) };
}

export function sumsOf({ mean, deviation, coverage }: Pick<Expected, 'mean' | 'deviation' | 'coverage'>) {
  const factor = normalQuantile(1 - (1 - coverage) / 2);
  const sum = (days: number) => {
    const expected = demandOver({ mean, deviation }, days);
    const spread = factor * expected.deviation;
    return {
      days,
      mean: short(expected.mean),
      low: short(Math.max(0, expected.mean - spread)),
      high: short(expected.mean + spread),
    };
  };
  return { week: sum(WEEK), month: sum(MONTH) };
}

export function daysOf({ fromDay, mean, low, high }: Expected) {
  return mean.map((value, at) => ({
    day: dayOf(Date.parse(fromDay) + at * DAY_MS),
    ...{ mean: short(value), low: low[at] ?? 0, high: high[at] ?? 0 },
  }));
}

export const short = (value: number) => Math.round(value * 100) / 100;
