import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { pendingMigrations } from '../../db/migrate.ts';
import { MigrationError } from '../../db/migration-error.ts';
import { type Config, ConfigError, loadConfig } from '../../platform/config/load.ts';
import { commandEnvironment, shownDatabase } from '../migrate/command-environment.ts';
import { writeCatalog } from './catalog/write-catalog.ts';
import { DEMO_PASSWORD, DEMO_USERS } from './demo.ts';
import { type SeedResult, seedDemo } from './seed-demo.ts';

const HELP = `npm run seed -- --demo | --products N [--seed S]

Writes the demo data that is not there yet: development accounts, a few products with stock, and a drop that is live as
soon as the workers have published it. What is there stays as it is, so doing it again changes nothing. Refuses in production.

  --demo         write it
  --products N   write a made-up catalog of N products instead, to try things at size, and index it for the search.
                 What is there stays: a larger N adds the rest, and what was cut short goes on where it stopped
  --seed S       another catalog of the same size (1 unless set)
  --help         this text

The database is DATABASE_URL, or the one that npm start runs (DATA_DIR/local.env). REGIONS says where the drop's units go.`;

const MOST_PRODUCTS = 20_000_000;
const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;

const VARIABLES = ['NODE_ENV', 'DATABASE_URL', 'REGIONS'] as const;
type SeedConfig = Config<(typeof VARIABLES)[number]>;

async function main(): Promise<number> {
  const asked = readOptions();
  if (asked === 'help') console.log(HELP);
  if (asked === 'unknown') console.error(HELP);
  if (asked === 'help' || asked === 'unknown') return asked === 'help' ? 0 : EXIT_BAD_USAGE;
  const environment = await commandEnvironment(process.env);
  const config = loadConfig(environment, VARIABLES);
  if (config.NODE_ENV === 'production') {
    console.error('NODE_ENV is production: demo data and its accounts with a known password are not written there.');
    return 1;
  }
  try {
    if (asked !== 'demo') return await writeCatalog({ databaseUrl: config.DATABASE_URL, ...asked });
    report(await seed(config));
    return 0;
  } catch (error) {
    console.error(explain(error, config.DATABASE_URL));
    return 1;
  }
}

type Asked = 'demo' | 'help' | 'unknown' | { readonly products: number; readonly seed: number };

function readOptions(): Asked {
  try {
    const { values } = parseArgs({
      options: {
        demo: { type: 'boolean' },
        products: { type: 'string' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return 'help';
    if (values.products === undefined) return values.demo === true ? 'demo' : 'unknown';
    const [products, seed] = [Number(values.products), Number(values.seed)];
    const isGood = Number.isInteger(products) && products > 0 && products <= MOST_PRODUCTS && Number.isInteger(seed);
    return isGood && values.demo !== true ? { products, seed } : 'unknown';
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n`);
    return 'unknown';
  }
}

async function seed(config: SeedConfig): Promise<SeedResult> {
  const client = new Client({ connectionString: config.DATABASE_URL, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const pending = await pendingMigrations(client);
    if (pending.length > 0) {
      throw new Error(`${pending.length} migrations are missing there; run \`npm run migrate\` first`);
    }
    await client.query('begin');
    const result = await seedDemo(client, { regions: config.REGIONS, nowMs: Date.now() });
    await client.query('commit');
    return result;
  } finally {
    // Ending the session undoes what was not committed.
    await client.end();
  }
}

function report({ made, drop }: SeedResult): void {
  const news = Object.entries(made).filter(([, rows]) => rows > 0);
  console.log(
    news.length === 0
      ? 'The demo data is there already; nothing was changed.'
      : `Wrote the demo data: ${news.map(([what, rows]) => `${rows} ${what}`).join(', ')}.`,
  );
  console.log(`Accounts: ${DEMO_USERS.map((user) => user.email).join(', ')}, password ${DEMO_PASSWORD}`);
  console.log(`Drop: ${drop.id} "${drop.title}", until ${new Date(drop.endsAt).toISOString()}`);
}

function explain(error: unknown, databaseUrl: string): string {
  if (error instanceof MigrationError) return `${error.code}: ${error.message}`;
  const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
  return `The demo data could not be written (database: ${shownDatabase(databaseUrl)}): ${reason}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(
    `${error.message}\nIf DATABASE_URL is missing: set it, or start the local servers with \`npm start\` first.`,
  );
  process.exitCode = EXIT_BAD_CONFIG;
}
