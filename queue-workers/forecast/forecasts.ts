/** Looks what there is to do: demand to count, and once a day forecasts to make. Led by one process at a time. */
import { INTERVALS } from '../../contracts/limits.ts';
import { dayOf, noteProgress, readProgress } from '../../db/queries/forecast/count-day.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Leadership } from '../leadership.ts';
import { type Repeated, repeatLed } from '../repeat.ts';
import { type CountOptions, countDemand } from './count-demand.ts';
import { type ForecastAllOptions, forecastAll } from './forecast-all.ts';
import { suggestPrices } from './suggest-prices.ts';

export interface ForecastMetrics {
  leads(isLeader: boolean): void;
  counted(days: number): void;
  forecast(made: { readonly articles: number; readonly forecasts: number; readonly tookMs: number }): void;
  suggested(suggestions: number): void;
  failed(): void;
}

export interface ForecastsOptions extends CountOptions, ForecastAllOptions {
  readonly leadership: Leadership;
  readonly nextId: () => string;
  readonly log: Logger;
  readonly metrics: ForecastMetrics;
}

export function startForecasts(options: ForecastsOptions): Repeated {
  const { leadership, clock, log, metrics } = options;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  return repeatLed({
    leadership,
    everyMs: INTERVALS.forecastLookMs,
    async look(until) {
      const isNewDay = !Number.isFinite(countedAtMs) || dayOf(countedAtMs) !== dayOf(clock.now());
      if (!isNewDay && clock.now() - countedAtMs < INTERVALS.demandEveryMs) return;
      const atMs = clock.now();
      metrics.counted((await countDemand(options, until)).length);
      await makeDue(options, until);
      // What was cut short is gone on with at the next look.
      if (!until.aborted) countedAtMs = atMs;
    },
    leads: (isLeader) => metrics.leads(isLeader),
    failed(error) {
      metrics.failed();
      log.warn({ err: error }, 'demand could not be counted or forecast, trying again');
    },
    resignFailed: (error) => log.debug({ err: error }, 'the lead of the forecasts could not be given up'),
  });
}

/** Forecasts and suggestions of today, where they are not made yet. */
export async function makeDue(options: ForecastsOptions, until: AbortSignal): Promise<void> {
  const { database, clock, metrics, log } = options;
  const today = dayOf(clock.now());
  const { forecastOn, suggestedOn } = await readProgress(database, today);
  if (until.aborted) return;
  if (forecastOn !== today) {
    const startedMs = performance.now();
    const made = await forecastAll(options, until);
    if (until.aborted) return;
    await noteProgress(database, { forecastOn: today });
    const tookMs = Math.round(performance.now() - startedMs);
    metrics.forecast({ ...made, tookMs });
    log.info({ ...made, tookMs }, 'forecasts were made');
  }
  if (suggestedOn !== today) {
    metrics.suggested(await suggestPrices(options, until));
    if (!until.aborted) await noteProgress(database, { suggestedOn: today });
  }
}
