import { createRegionOf, readPlaces } from '../../commerce/forecast/region-of.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { readRefused } from '../../reservation-core/regions/refusals.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { createLeadership } from '../leadership.ts';
import type { Worker } from '../worker.ts';
import { createForecastComputation } from './computation.ts';
import { startForecasts } from './forecasts.ts';

type Variables = 'DATABASE_URL' | 'REDIS_URL' | 'REDIS_PREFIX' | 'REDIS_MODE' | 'REGIONS' | 'REGION_PLACES';

export const forecastWorker = {
  name: 'forecast',
  variables: ['DATABASE_URL', 'REDIS_URL', 'REDIS_PREFIX', 'REDIS_MODE', 'REGIONS', 'REGION_PLACES'],
  async start({ config, env, clock, log, metrics, onStop, addCheck }) {
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, REGIONS: regions } = config;
    const regionUrls = loadRegionRedisUrls(env, regions, homeUrl);
    const shards = await connectShards({ homeUrl, regionUrls, name: 'forecast', log, mode });
    onStop('forecast: redis', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `forecast: ${check.name}` });
    const database = connectPostgres({
      ...{ url: config.DATABASE_URL, max: 2, name: 'forecast', log },
      statementTimeoutMs: LIMITS.forecastStatementMs,
    });
    onStop('forecast: postgres', () => database.end());
    addCheck(postgresCheck(database, 'forecast: postgres'));
    const computation = createForecastComputation();
    onStop('forecast: threads', () => computation.close());

    const leader = metrics.gauge({ name: 'dropgate_forecast_leader', help: '1 in the process that forecasts.' });
    const days = metrics.counter({ name: 'dropgate_demand_days_total', help: 'Days of demand that were counted.' });
    const made = metrics.counter({ name: 'dropgate_forecasts_total', help: 'Forecasts that were made.' });
    const seconds = metrics.gauge({ name: 'dropgate_forecast_seconds', help: 'How long the last run took.' });
    const prices = metrics.counter({ name: 'dropgate_price_suggestions_total', help: 'Prices that were suggested.' });
    const failures = metrics.counter({ name: 'dropgate_forecast_failures_total', help: 'Looks that failed.' });

    const keys = createKeys(config.REDIS_PREFIX);
    const forecasts = startForecasts({
      ...{ database, clock, log, regions, computation, nextId: createIdSource(clock) },
      regionOf: createRegionOf(regions, readPlaces(config.REGION_PLACES)),
      readRefused: (dropId, region) => readRefused({ shards, keys }, dropId, region),
      leadership: createLeadership({
        redis: shards.home.redis,
        key: `${config.REDIS_PREFIX}:forecast-leader`,
        lockMs: INTERVALS.forecastLockMs,
        onLost: (error) => log.warn({ err: error }, 'the lead of the forecasts was lost'),
      }),
      metrics: {
        leads: (isLeader) => leader.set(isLeader ? 1 : 0),
        counted: (count) => days.inc(count),
        forecast: ({ forecasts: count, tookMs }) => {
          made.inc(count);
          seconds.set(tookMs / 1_000);
        },
        suggested: (count) => prices.inc(count),
        failed: () => failures.inc(),
      },
    });
    onStop('forecast', () => forecasts.stop());
  },
} satisfies Worker<Variables>;
