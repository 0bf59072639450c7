/**
 * Forecasts made as they would have been made then, held against what came: from several days on, each knowing only what
 * was before it (rolling origin). Beside them the simplest one that a season allows: every day as a week ago.
 */
import { WEEK } from './cold-start.ts';
import { type ForecastModel, type ForecastOptions, forecastDemand } from './forecast.ts';
import { type Accuracy, accuracyOf, type Comparison } from './measures.ts';
import { partOf, type Series } from './numbers.ts';

export interface BacktestOptions extends ForecastOptions {
  readonly origins: number;
}

export interface Backtest {
  readonly series: number;
  readonly forecasts: number;
  readonly ours: Accuracy;
  readonly lastWeek: Accuracy;
  /** How often each model was chosen. */
  readonly models: Readonly<Partial<Record<ForecastModel, number>>>;
}

/** Less than this is no history to forecast from. */
export const LEAST_KNOWN_DAYS = 2 * WEEK;

export function backtest(all: readonly Series[], options: BacktestOptions): Backtest {
  const ours: Comparison[] = [];
  const lastWeek: Comparison[] = [];
  const models: Partial<Record<ForecastModel, number>> = {};
  for (const series of all) {
    for (const origin of originsOf(series.length, options)) {
      const known = partOf(series, 0, origin);
      const actual = partOf(series, origin, origin + options.days);
      const { mean, low, high, model } = forecastDemand(known, options);
      ours.push({ known, actual, expected: mean, low, high });
      lastWeek.push({ known, actual, expected: asLastWeek(known, options.days) });
      models[model] = (models[model] ?? 0) + 1;
    }
  }
  const forecasts = ours.length;
  return {
    ...{ series: all.length, forecasts, models },
    ...{ ours: accuracyOf(ours, WEEK), lastWeek: accuracyOf(lastWeek, WEEK) },
  };
}

/** The last one leaves just the days that are forecast; the others are as far apart, as long as enough is known before. */
export function originsOf(length: number, { origins, days }: { origins: number; days: number }): number[] {
  return Array.from({ length: origins }, (_, back) => length - (back + 1) * days)
    .filter((origin) => origin >= LEAST_KNOWN_DAYS)
    .reverse();
}

function asLastWeek(known: Series, days: number): number[] {
  return Array.from({ length: days }, (_, at) => known[known.length - WEEK + (at % WEEK)] ?? 0);
}
