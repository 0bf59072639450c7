/** What the worker does each night, now. */
import { createRegionOf, readPlaces } from '../../commerce/forecast/region-of.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { dayOf, forgetProgress, noteProgress } from '../../db/queries/forecast/count-day.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/load.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import { createForecastComputation } from '../../queue-workers/forecast/computation.ts';
import { countDemand } from '../../queue-workers/forecast/count-demand.ts';
import { forecastAll } from '../../queue-workers/forecast/forecast-all.ts';
import { suggestPrices } from '../../queue-workers/forecast/suggest-prices.ts';
import { shownDatabase } from '../migrate/command-environment.ts';

export const COMMAND_VARIABLES = ['DATABASE_URL', 'REGIONS', 'REGION_PLACES'] as const;
export type CommandConfig = Config<(typeof COMMAND_VARIABLES)[number]>;

export async function makeNow(
  database: Database,
  config: CommandConfig,
  { recount, until, print }: { readonly recount: boolean; readonly until: AbortSignal; print(text: string): void },
): Promise<number> {
  const { REGIONS: regions, REGION_PLACES: places, DATABASE_URL: url } = config;
  const computation = createForecastComputation();
  const startedMs = performance.now();
  const tell = (what: string) => print(`${what}, ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  try {
    if (recount) await forgetProgress(database);
    const regionOf = createRegionOf(regions, readPlaces(places));
    // What drops refused is in Redis: the worker reads it, here what it has kept is enough.
    const readRefused = async () => new Map<string, number>();
    const days = await countDemand({ database, clock, regionOf, readRefused }, until);
    tell(`${shownDatabase(url)}: ${days.length} days counted`);
    const made = await forecastAll({ database, clock, regions, computation }, until);
    tell(`${made.articles} articles on sale, ${made.forecasts} forecasts of them and their regions`);
    tell(`${await suggestPrices({ database, clock, nextId: createIdSource(clock) }, until)} prices suggested`);
    if (until.aborted) return 1;
    // The worker has nothing more to do today.
    const today = dayOf(clock.now());
    await noteProgress(database, { forecastOn: today });
    await noteProgress(database, { suggestedOn: today });
    return 0;
  } finally {
    await computation.close();
  }
}
