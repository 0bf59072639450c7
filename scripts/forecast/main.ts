/** `npm run forecast`: how good the forecasts are, makes them now, shows one. */
import { parseArgs } from 'node:util';
import { createRegionOf, readPlaces } from '../../commerce/forecast/region-of.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { forgetProgress } from '../../db/queries/forecast/count-day.ts';
import { findForecasts } from '../../db/queries/forecast/find-forecasts.ts';
import { systemClock } from '../../platform/clock.ts';
import { ConfigError, loadConfig } from '../../platform/config/load.ts';
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createForecastComputation } from '../../queue-workers/forecast/computation.ts';
import { countDemand } from '../../queue-workers/forecast/count-demand.ts';
import { forecastAll } from '../../queue-workers/forecast/forecast-all.ts';
import { suggestPrices } from '../../queue-workers/forecast/suggest-prices.ts';
import { commandEnvironment, shownDatabase } from '../migrate/command-environment.ts';
import { backtestMade, backtestOrders, LEAST_DAYS } from './backtest.ts';
import { shownForecast } from './show.ts';
import { EXPLANATION, tableOf } from './table.ts';

const HELP = `npm run forecast -- backtest|run|show [options]

  backtest        forecasts made as of then, held against what came, beside "every day as a week ago":
                  of made-up demand of nine kinds, and of the orders of the database where there are enough
    --days N      days ahead (14)
    --origins N   days from which is forecast, N days apart (4)
    --series N    made-up series of each kind (40)
    --seed K      of the made-up demand (1)
    --made        only the made-up demand: needs no database
  run             counts demand, forecasts everything and suggests prices now, as the worker does each night
    --recount     counts all days anew: after regions were changed
  show SKU        what is expected of an article
  --help          this text`;

const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;

interface Asked {
  readonly days: number;
  readonly origins: number;
  readonly series: number;
  readonly seed: number;
  readonly madeOnly: boolean;
  readonly recount: boolean;
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{
        days: { type: 'string' },
        origins: { type: 'string' },
        series: { type: 'string' },
        seed: { type: 'string' },
      },
      ...{ made: { type: 'boolean' }, recount: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    },
  });
  const [command, sku, ...more] = positionals;
  if (values.help === true || command === undefined) {
    console.log(HELP);
    return command === undefined && values.help !== true ? EXIT_BAD_USAGE : 0;
  }
  const asked: Asked = {
    ...{ days: whole(values.days, 14, 1, LIMITS.forecastDays), origins: whole(values.origins, 4, 1, 20) },
    ...{ series: whole(values.series, 40, 1, 1_000), seed: whole(values.seed, 1, 0, 2 ** 31 - 1) },
    ...{ madeOnly: values.made === true, recount: values.recount === true },
  };
  if (command === 'backtest' && sku === undefined) return await backtest(asked);
  if (command === 'run' && sku === undefined) return await withDatabase((database) => run(database, asked));
  if (command === 'show' && sku !== undefined && more.length === 0)
    return await withDatabase((database) => show(database, sku));
  console.error(HELP);
  return EXIT_BAD_USAGE;
}

function whole(given: string | undefined, otherwise: number, from: number, to: number): number {
  if (given === undefined) return otherwise;
  const value = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= from && value <= to)) throw new UsageError(`${given} is no whole number from ${from} to ${to}.`);
  return value;
}

class UsageError extends Error {}

async function withDatabase(work: (database: Database) => Promise<number>): Promise<number> {
  const { DATABASE_URL: url } = loadConfig(await commandEnvironment(process.env), ['DATABASE_URL']);
  const log = createLogger({ name: 'forecast', level: 'silent' });
  const database = connectPostgres({
    url,
    max: 2,
    name: 'forecast',
    log,
    statementTimeoutMs: LIMITS.forecastStatementMs,
  });
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

async function backtest({ days, origins, series, seed, madeOnly }: Asked): Promise<number> {
  const startedMs = performance.now();
  console.log(`${days} days ahead from ${origins} days, made-up demand of a year (seed ${seed})\n`);
  console.log(`${tableOf(backtestMade(seed, series, { days, origins }))}\n\n${EXPLANATION}`);
  console.log(`${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  if (madeOnly) return 0;
  return await withDatabase(async (database) => {
    const result = await backtestOrders(database, { days, origins });
    if (result === undefined) {
      console.log(
        `\nNo article of the database has ${LEAST_DAYS} days of demand yet: npm run forecast -- run counts it.`,
      );
    } else console.log(`\n${tableOf([['orders of the store', result]])}`);
    return 0;
  });
}

async function run(database: Database, { recount }: Asked): Promise<number> {
  const config = loadConfig(await commandEnvironment(process.env), ['DATABASE_URL', 'REGIONS', 'REGION_PLACES']);
  const { REGIONS: regions } = config;
  const computation = createForecastComputation();
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  const startedMs = performance.now();
  const took = () => `${((performance.now() - startedMs) / 1_000).toFixed(1)} s`;
  try {
    if (recount) await forgetProgress(database);
    const clock = systemClock;
    const regionOf = createRegionOf(regions, readPlaces(config.REGION_PLACES));
    // What drops refused is in Redis: the worker reads it, here what it has kept is enough.
    const readRefused = async () => new Map<string, number>();
    const days = await countDemand({ database, clock, regionOf, readRefused }, stopping.signal);
    console.log(`${shownDatabase(config.DATABASE_URL)}: ${days.length} days counted, ${took()}`);
    const made = await forecastAll({ database, clock, regions, computation }, stopping.signal);
    console.log(`${made.articles} articles on sale, ${made.forecasts} forecasts of them and their regions, ${took()}`);
    const suggested = await suggestPrices({ database, clock, nextId: createIdSource(clock) }, stopping.signal);
    console.log(`${suggested} prices suggested, ${took()}`);
    return stopping.signal.aborted ? 1 : 0;
  } finally {
    await computation.close();
  }
}

async function show(database: Database, sku: string): Promise<number> {
  const found = (await findForecasts(database, [sku], { withRegions: true })).get(sku);
  if (found === undefined) {
    console.log(
      `Nothing is expected of ${sku}: it is not on sale, nobody asked for it, or no night has passed (npm run forecast -- run).`,
    );
    return 1;
  }
  console.log(shownForecast(found));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage =
    error instanceof UsageError || (error instanceof TypeError && error.message.startsWith('Unknown option'));
  if (isUsage) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exitCode = EXIT_BAD_USAGE;
  } else if (error instanceof ConfigError) {
    console.error(`${error.message}\nSet DATABASE_URL, or start the local servers with \`npm start\` first.`);
    process.exitCode = EXIT_BAD_CONFIG;
  } else throw error;
}
