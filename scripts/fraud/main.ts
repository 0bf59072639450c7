/** `npm run fraud -- train|evaluate|table|status` */
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../../platform/config/load.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { runEvaluate, runStatus, runTrain } from './commands.ts';
import { printTable } from './print.ts';

const HELP = `npm run fraud -- train [--generated [--orders N] [--seed N]] [--force]
npm run fraud -- evaluate [--generated …] | table | status

  train      learns from orders of which it is known by now whether they were fraud (reviews that a person decided,
             refunds whose reason says fraud, blocked accounts, and what nobody complained about for 30 days), measures
             the model on the latest quarter of them, keeps it, and activates it if it is better than the active one
  evaluate   measures the active model on the latest quarter
  table      holds the table of points against the rules; exit 1 when a row differs
  status     the models that there are (* is active), and how many shoppers are flagged

  --generated  adds orders that are made up, 20,000 unless --orders says otherwise. For development: refused in production
  --seed N     of the made-up orders (1)
  --force      activates the model also when it is no better
  --help       this text`;

const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;
const MOST_GENERATED = 1_000_000;
/** The history of a year is read in one statement. */
const STATEMENT_MS = 600_000;
const RUNS = { train: runTrain, evaluate: runEvaluate, status: runStatus } as const;
const isRun = (name: string): name is keyof typeof RUNS => Object.hasOwn(RUNS, name);

const OPTIONS = {
  generated: { type: 'boolean' },
  orders: { type: 'string', default: '20000' },
  seed: { type: 'string', default: '1' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const say = (line: string) => console.log(line);
const fail = (line: string) => console.error(line);

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name = '', ...more] = positionals;
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const [orders, seed] = [Number(values.orders), Number(values.seed)];
  const areNumbers = Number.isInteger(orders) && orders >= 1 && orders <= MOST_GENERATED && Number.isInteger(seed);
  if (more.length > 0 || !areNumbers || (name !== 'table' && !isRun(name))) {
    console.error(HELP);
    return EXIT_BAD_USAGE;
  }
  if (!isRun(name)) return printTable(say) ? 0 : 1;
  const config = loadConfig(await commandEnvironment(process.env), ['DATABASE_URL', 'NODE_ENV']);
  if (values.generated === true && config.NODE_ENV === 'production') {
    console.error('Orders that are made up judge no real ones: --generated is not for production.');
    return 1;
  }
  const log = createLogger({ name: 'fraud', level: 'silent' });
  const url = config.DATABASE_URL;
  const database = connectPostgres({ url, max: 2, name: 'fraud', log, statementTimeoutMs: STATEMENT_MS });
  try {
    const generated = values.generated === true ? orders : 0;
    return await RUNS[name]({
      database,
      nowMs: Date.now(),
      generated,
      seed,
      force: values.force === true,
      ...{ say, fail },
    });
  } finally {
    await database.end();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof ConfigError) {
    fail(`${error.message}\nSet DATABASE_URL, or start the local servers with \`npm start\` first.`);
    process.exitCode = EXIT_BAD_CONFIG;
  } else if (codeOf(error).startsWith('ERR_PARSE_ARGS')) {
    fail(`${error instanceof Error ? error.message : ''}\n\n${HELP}`);
    process.exitCode = EXIT_BAD_USAGE;
  } else if (codeOf(error) === 'ECONNREFUSED') {
    fail('The database does not answer. Start the local servers with `npm start`, or set DATABASE_URL.');
    process.exitCode = 1;
  } else throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
