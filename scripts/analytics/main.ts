import { parseArgs } from 'node:util';
import { createAnalytics } from '../../db/analytics/create.ts';
import { loadConfig } from '../../platform/config/load.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { exitCodeOf } from '../command-line/exit-code.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { rebuildRevenue, type Span } from './rebuild.ts';

const HELP = `npm run analytics -- rebuild --from TIME --to TIME

Counts the revenue of a time anew, from the orders: what was paid and what went back, by minute, merchant and article.
Whole hours; nothing is counted twice, also while the workers go on.

  --from TIME   such as 2026-11-01 or 2026-11-01T12:00:00Z
  --to TIME     not included; now unless given
  --help        this text

Exit code: 0 done, 1 something failed, 64 wrong usage, 78 wrong configuration.
The servers are those of the environment, or those that npm start runs (DATA_DIR/local.env).`;

const STATEMENT_MS = 600_000;
const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 3_660;

function readSpan(): Span | 'help' {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (positionals.length !== 1 || positionals[0] !== 'rebuild') throw new Error('There is one thing to do: rebuild.');
  const fromMs = Date.parse(values.from ?? '');
  const untilMs = values.to === undefined ? Date.now() : Date.parse(values.to);
  if (!(fromMs < untilMs)) throw new Error('--from needs a time, before that of --to.');
  if (untilMs - fromMs > MOST_DAYS * DAY_MS) throw new Error(`No more than ${MOST_DAYS} days at once.`);
  return { fromMs, untilMs };
}

async function rebuild(span: Span): Promise<void> {
  const config = loadConfig(await commandEnvironment(process.env), ['DATABASE_URL', 'ANALYTICS_URL']);
  const log = createLogger({ name: 'analytics', level: 'silent' });
  const database = connectPostgres({
    ...{ url: config.DATABASE_URL, max: 2, name: 'analytics-rebuild', log, statementTimeoutMs: STATEMENT_MS },
  });
  try {
    const store = createAnalytics(config.ANALYTICS_URL, database);
    const done = await rebuildRevenue({ database, store }, span, ({ fromMs }) =>
      console.log(`counted ${new Date(fromMs).toISOString().slice(0, 16)} and the day after it`),
    );
    console.log(
      `${done.movements} payments and refunds of ${done.days} days are now ${done.rows} rows, in ${store.name}.`,
    );
  } finally {
    await database.end();
  }
}

process.exitCode = await exitCodeOf({
  help: HELP,
  read: readSpan,
  run: async (span) => {
    await rebuild(span);
    return 0;
  },
});
