import { Client, type ClientBase, type Pool } from 'pg';
import { MigrationError } from './migration-error.ts';
import { MIGRATIONS_DIRECTORY, type MigrationFile, readMigrationFiles } from './migration-files.ts';
import { makeMonths } from './queries/make-months.ts';

export interface MigrateOptions {
  readonly databaseUrl: string;
  readonly directory?: string;
  readonly log?: (message: string) => void;
}

export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

/** Any number will do, as long as every migrator of this project takes the same one. */
const MIGRATION_LOCK = 7_306_210_411;

/** Brings a database to the state of this code. Two at once are safe: the second waits and finds nothing to do. */
export async function migrate(options: MigrateOptions): Promise<{ applied: string[] }> {
  const log = options.log ?? (() => undefined);
  const files = await readMigrationFiles(options.directory ?? MIGRATIONS_DIRECTORY);
  const client = new Client({
    connectionString: options.databaseUrl,
    application_name: 'dropgate-migrate',
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await client.query("set timezone to 'UTC'");
    await lock(client, log);
    await client.query(SCHEMA_MIGRATIONS);
    const todo = stillToApply(files, await readApplied(client));
    for (const file of todo) {
      await applyOne(client, file);
      log(`applied ${file.name}`);
    }
    await makeMissingMonths(client, log);
    return { applied: todo.map((file) => file.name) };
  } finally {
    // Ending the session gives the lock back.
    await client.end();
  }
}

/** What `migrate` would apply now; fails as it would where the database and this code do not fit each other. */
export async function pendingMigrations(
  database: Pool | ClientBase,
  directory: string = MIGRATIONS_DIRECTORY,
): Promise<string[]> {
  const files = await readMigrationFiles(directory);
  return stillToApply(files, await readApplied(database)).map((file) => file.name);
}

/** What the database says was applied; nothing in one that never saw a migration. */
export async function readApplied(database: Pool | ClientBase): Promise<AppliedMigration[]> {
  const { rows } = await database.query<{ exists: boolean }>(
    `select to_regclass('schema_migrations') is not null as exists`,
  );
  if (rows[0]?.exists !== true) return [];
  const applied = await database.query<AppliedMigration>(
    'select version, name, checksum, applied_at as "appliedAt" from schema_migrations order by version',
  );
  return applied.rows;
}

const SCHEMA_MIGRATIONS = `
  create table if not exists schema_migrations (
    version integer primary key,
    name text not null,
    checksum char(64) not null,
    applied_at timestamptz not null default now()
  )`;

async function lock(client: ClientBase, log: (message: string) => void): Promise<void> {
  const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [MIGRATION_LOCK]);
  if (rows[0]?.mine === true) return;
  log('another migration of this database is under way; waiting for it to end');
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
}

function stillToApply(files: readonly MigrationFile[], applied: readonly AppliedMigration[]): MigrationFile[] {
  const newest = files.length;
  const newer = applied.filter((row) => row.version > newest);
  if (newer.length > 0) {
    throw new MigrationError(
      'DATABASE_IS_NEWER',
      `The database has migrations that this version of Dropgate does not know: ${names(newer)}. ` +
        'Run the version of Dropgate that made them, or a newer one. Migrations are never undone.',
    );
  }
  for (const [index, row] of applied.entries()) {
    const file = files[index];
    if (file?.version !== row.version) {
      throw new MigrationError(
        'MIGRATION_GAP',
        `The database has ${row.name} applied, but not ${file?.name ?? 'the one before'}. ` +
          'A migration was added before one that had been applied, or a row of schema_migrations is missing: ' +
          'give the added migration the next free number, or restore the row.',
      );
    }
    if (file.checksum !== row.checksum) {
      throw new MigrationError(
        'MIGRATION_CHANGED',
        `${file.name} is not what was applied to this database as ${row.name}. ` +
          'An applied migration is never edited: put its file back as it was and write the change as a new migration.',
      );
    }
  }
  return files.slice(applied.length);
}

function names(migrations: readonly { name: string }[]): string {
  return migrations.map((migration) => migration.name).join(', ');
}

async function applyOne(client: ClientBase, file: MigrationFile): Promise<void> {
  await client.query('begin');
  try {
    const transaction = await currentTransaction(client);
    await client.query(file.sql);
    if ((await currentTransaction(client)) !== transaction) {
      throw new Error('it must not begin or end a transaction; the runner does, and part of it may now be in place');
    }
    await client.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
      file.version,
      file.name,
      file.checksum,
    ]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(
      'MIGRATION_FAILED',
      `${file.name} could not be applied: ${reason}. The migrations before it are in place.`,
      cause,
    );
  }
}

async function currentTransaction(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::text as id');
  return rows[0]?.id;
}

/** Each start makes the months of orders that are missing, so that running out takes a year without a start or a job. */
async function makeMissingMonths(client: ClientBase, log: (message: string) => void): Promise<void> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `select to_regprocedure('make_month_partitions(date, integer)') is not null as exists`,
  );
  if (found[0]?.exists !== true) return;
  const made = await makeMonths(client);
  if (made > 0) log(`made ${made} partitions for the months ahead`);
}
