/** What `npm run forecast` does: how good the forecasts are, makes them now, shows one. */
import { parseArgs } from 'node:util';
import { LIMITS } from '../../contracts/limits.ts';
import { findForecasts } from '../../db/queries/forecast/find-forecasts.ts';
import { ConfigError, type Environment, loadConfig } from '../../platform/config/load.ts';
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { backtestMade, backtestOrders, LEAST_DAYS } from './backtest.ts';
import { COMMAND_VARIABLES, type CommandConfig, makeNow } from './make-now.ts';
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

export interface CommandParts {
  readonly env: Environment;
  /** Aborted when whoever started it wants it to end. */
  readonly until: AbortSignal;
  print(text: string): void;
}

/** The exit code. */
export async function forecastCommand(args: readonly string[], parts: CommandParts): Promise<number> {
  try {
    return await act(args, parts);
  } catch (error) {
    if (error instanceof ConfigError) {
      parts.print(`${error.message}\nSet DATABASE_URL, or start the local servers with \`npm start\` first.`);
      return EXIT_BAD_CONFIG;
    }
    if (!(error instanceof UsageError || isOfParsing(error))) throw error;
    parts.print(`${error.message}\n\n${HELP}`);
    return EXIT_BAD_USAGE;
  }
}

class UsageError extends Error {}

function isOfParsing(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

async function act(args: readonly string[], parts: CommandParts): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [command, sku, ...more] = positionals;
  if (values.help === true) {
    parts.print(HELP);
    return 0;
  }
  const asked: Asked = {
    ...{ days: whole(values.days, 14, 1, LIMITS.forecastDays), origins: whole(values.origins, 4, 1, 20) },
    ...{ series: whole(values.series, 40, 1, 1_000), seed: whole(values.seed, 1, 0, 2 ** 31 - 1) },
    ...{ madeOnly: values.made === true, recount: values.recount === true },
  };
  if (command === 'backtest' && sku === undefined) return await backtest(asked, parts);
  if (command === 'run' && sku === undefined) {
    return await withDatabase(parts, (database, config) => {
      return makeNow(database, config, { ...parts, recount: asked.recount });
    });
  }
  if (command === 'show' && sku !== undefined && more.length === 0) {
    return await withDatabase(parts, (database) => show(database, sku, parts));
  }
  throw new UsageError('One of backtest, run and show SKU is expected.');
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ days: text, origins: text, series: text, seed: text, made: flag, recount: flag },
  help: { ...flag, short: 'h' },
} as const;

function whole(given: string | undefined, otherwise: number, from: number, to: number): number {
  if (given === undefined) return otherwise;
  const value = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= from && value <= to)) throw new UsageError(`${given} is no whole number from ${from} to ${to}.`);
  return value;
}

type Work = (database: Database, config: CommandConfig) => Promise<number>;

async function withDatabase({ env }: CommandParts, work: Work): Promise<number> {
  const config = loadConfig(await commandEnvironment(env), COMMAND_VARIABLES);
  const log = createLogger({ name: 'forecast', level: 'silent' });
  const database = connectPostgres({
    ...{ url: config.DATABASE_URL, max: 2, name: 'forecast', log },
    statementTimeoutMs: LIMITS.forecastStatementMs,
  });
  try {
    return await work(database, config);
  } finally {
    await database.end();
  }
}

async function backtest({ days, origins, series, seed, madeOnly }: Asked, parts: CommandParts): Promise<number> {
  const startedMs = performance.now();
  parts.print(`${days} days ahead from ${origins} days, made-up demand of a year (seed ${seed})\n`);
  parts.print(`${tableOf(backtestMade(seed, series, { days, origins }))}\n\n${EXPLANATION}`);
  parts.print(`${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  if (madeOnly) return 0;
  return await withDatabase(parts, async (database) => {
    const result = await backtestOrders(database, { days, origins });
    const none = `No article of the database has ${LEAST_DAYS} days of demand yet: npm run forecast -- run counts it.`;
    parts.print(`\n${result === undefined ? none : tableOf([['orders of the store', result]])}`);
    return 0;
  });
}

async function show(database: Database, sku: string, { print }: CommandParts): Promise<number> {
  const found = (await findForecasts(database, [sku], { withRegions: true })).get(sku);
  if (found !== undefined) {
    print(shownForecast(found));
    return 0;
  }
  print(`Nothing is expected of ${sku}: it is not on sale, nobody asked for it, or no night has passed since`);
  print('(npm run forecast -- run does what the night does).');
  return 1;
}
