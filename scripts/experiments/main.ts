/** `npm run experiments`: which experiments with recommendations there are, and what one of them has shown. */
import { parseArgs } from 'node:util';
import { readArms } from '../../commerce/experiments/arms.ts';
import { reportOn } from '../../commerce/experiments/report.ts';
import { findExperiment, listExperiments } from '../../db/queries/experiments/experiments.ts';
import { findArmRevenue, findArmSums } from '../../db/queries/experiments/find-outcomes.ts';
import { ConfigError, loadConfig } from '../../platform/config/load.ts';
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { renderExperiment } from './print.ts';

const HELP = `npm run experiments [-- NAME] [--json]

Without NAME: the experiments that there are. With it: for each arm who was shown something, clicked and bought, and the
lift against the control with its interval. They are made and started at /api/v1/admin/experiments.

  --json    for programs
  --help    this text`;

const MOST = 100;
const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    ...{ strict: false, allowPositionals: true },
  });
  if (values['help'] === true) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length > 1 || Object.keys(values).some((name) => name !== 'json')) {
    console.error(HELP);
    return EXIT_BAD_USAGE;
  }
  const { DATABASE_URL: url } = loadConfig(await commandEnvironment(process.env), ['DATABASE_URL']);
  const log = createLogger({ name: 'experiments', level: 'silent' });
  const database = connectPostgres({ url, max: 2, name: 'experiments', log });
  try {
    const [name] = positionals;
    return name === undefined ? await list(database) : await show(database, name, values['json'] === true);
  } finally {
    await database.end();
  }
}

async function list(database: Database): Promise<number> {
  const experiments = await listExperiments(database, { after: null, limit: MOST });
  if (experiments.length === 0) console.log('There are no experiments. POST /api/v1/admin/experiments makes one.');
  for (const { name, state, note } of experiments) console.log(`${name.padEnd(32)}${state.padEnd(9)}${note}`);
  return 0;
}

async function show(database: Database, name: string, isJson: boolean): Promise<number> {
  const found = await findExperiment(database, name);
  if (found === undefined) {
    console.error(`There is no experiment ${name}.`);
    return 1;
  }
  const [sums, revenue] = await Promise.all([findArmSums(database, name), findArmRevenue(database, name)]);
  const report = reportOn(readArms(found.arms) ?? [], sums);
  const { state } = found;
  console.log(
    isJson ? JSON.stringify({ name, state, report, revenue }) : renderExperiment({ name, state, report, revenue }),
  );
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`${error.message}\nSet DATABASE_URL, or start the local servers with \`npm start\` first.`);
  process.exitCode = EXIT_BAD_CONFIG;
}
