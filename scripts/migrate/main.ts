import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { dumpSchema } from '../../db/dump-schema.ts';
import { migrate, pendingMigrations, readApplied } from '../../db/migrate.ts';
import { MigrationError } from '../../db/migration-error.ts';
import { ConfigError, loadConfig } from '../../platform/config/load.ts';
import { commandEnvironment, shownDatabase } from './command-environment.ts';

const HELP = `npm run migrate [-- option]

Brings the database to the state of this code: applies the files of db/migrations that it does not have yet, each in a
transaction of its own, and makes the partitions of the months ahead. Safe to run at any time, also twice at once.

  --status   say what is applied and what is not, and change nothing; exit 1 when something is not
  --dump     migrate, then write the schema to db/schema.sql
  --help     this text

The database is DATABASE_URL, or the one that npm start runs (DATA_DIR/local.env).`;

const SCHEMA_FILE = fileURLToPath(new URL('../../db/schema.sql', import.meta.url));
const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return EXIT_BAD_USAGE;
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const databaseUrl = loadConfig(await commandEnvironment(process.env), ['DATABASE_URL']).DATABASE_URL;
  try {
    if (options.status) return await status(databaseUrl);
    const { applied } = await migrate({ databaseUrl, log: (message) => console.log(message) });
    console.log(
      applied.length === 0
        ? `${shownDatabase(databaseUrl)} is up to date.`
        : `${shownDatabase(databaseUrl)} is up to date after ${applied.length} migrations.`,
    );
    if (options.dump) await dump(databaseUrl);
    return 0;
  } catch (error) {
    console.error(explain(error, databaseUrl));
    return 1;
  }
}

function readOptions(): { help: boolean; status: boolean; dump: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        status: { type: 'boolean', default: false },
        dump: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

async function status(databaseUrl: string): Promise<number> {
  return await withClient(databaseUrl, async (client) => {
    const pending = await pendingMigrations(client);
    for (const row of await readApplied(client)) console.log(`${row.name}  applied ${row.appliedAt.toISOString()}`);
    for (const name of pending) console.log(`${name}  not applied`);
    console.log(pending.length === 0 ? 'Up to date.' : 'Run `npm run migrate` to apply what is missing.');
    return pending.length === 0 ? 0 : 1;
  });
}

async function dump(databaseUrl: string): Promise<void> {
  await writeFile(SCHEMA_FILE, await withClient(databaseUrl, dumpSchema));
  console.log('Wrote db/schema.sql.');
}

async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query("set timezone to 'UTC'");
    return await work(client);
  } finally {
    await client.end();
  }
}

function explain(error: unknown, databaseUrl: string): string {
  if (error instanceof MigrationError) return `${error.code}: ${error.message}`;
  const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
  return `The database at ${shownDatabase(databaseUrl)} cannot be used: ${reason}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`${error.message}\nSet DATABASE_URL, or start the local servers with \`npm start\` first.`);
  process.exitCode = EXIT_BAD_CONFIG;
}
