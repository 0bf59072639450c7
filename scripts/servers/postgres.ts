import { chmod, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ChildStartError } from './child-start-error.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { ensureCluster, POSTGRES_USER } from './postgres-cluster.ts';
import { postgresIdentity } from './postgres-identity.ts';
import { type LocalServer, type StartOptions, startServer } from './server.ts';

export interface PostgresOptions extends StartOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly logFile: string;
  readonly password: string;
  readonly database: string;
  /** Server settings beside or instead of ours, for example { fsync: 'off' }. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startPostgres(options: PostgresOptions): Promise<LocalServer> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const binaries = await postgresBinaries();
  const reach = { files: [binaries.initdb, binaries.postgres, binaries.catalogue], folders: [dataDir] };
  const identity = await postgresIdentity(reach);
  const { password, signal } = options;
  const cluster = await ensureCluster({ dataDir, password, binaries, identity, signal });
  await chmod(cluster, 0o700);
  const [program = binaries.postgres, ...args] = [
    ...identity.prefix,
    binaries.postgres,
    '-D',
    cluster,
    ...Object.entries({ ...settings(options.port), ...options.settings }).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ];
  const address = addressOf(options, options.database);
  const server = await onceTheOldOnesAreGone(() =>
    startServer({
      ...options,
      name: 'postgres',
      address,
      port: options.port,
      programs: [program],
      args,
      cwd: cluster,
      // Fast shutdown: sessions are ended and everything is written. SIGTERM would wait for the sessions.
      stopSignal: 'SIGINT',
      stopDeadlineMs: 20_000,
      readyDeadlineMs: 60_000,
      answers: () => answers(addressOf(options, 'postgres')),
    }),
  );
  try {
    await ensureDatabase(addressOf(options, 'postgres'), options.database);
  } catch (cause) {
    await server.stop();
    throw explain(cause, cluster);
  }
  return server;
}

function settings(port: number): Readonly<Record<string, string>> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '512MB',
    max_wal_size: '1GB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
  };
}

function addressOf(options: PostgresOptions, database: string): string {
  const url = new URL(`postgres://127.0.0.1:${options.port}`);
  url.username = POSTGRES_USER;
  url.password = options.password;
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** One that knows us but not the password has answered, too: what is wrong with it is said later, and plainly. */
async function answers(address: string): Promise<void> {
  await ask(address, (client) => client.query('select 1')).catch((error: unknown) => {
    if (sqlState(error) !== WRONG_PASSWORD) throw error;
  });
}

async function ensureDatabase(address: string, database: string): Promise<void> {
  await ask(address, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  });
}

async function ask(address: string, question: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 2_000, query_timeout: 20_000 });
  // An idle client that loses its server emits; without a listener that would end our process.
  client.on('error', () => {});
  try {
    await client.connect();
    await question(client);
  } finally {
    await client.end().catch(() => {});
  }
}

const WRONG_PASSWORD = '28P01';

function sqlState(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function explain(cause: unknown, cluster: string): ChildStartError {
  const why =
    sqlState(cause) === WRONG_PASSWORD
      ? `the data in ${cluster} was made with another password. Put that password back, or remove the folder to begin anew.`
      : String(cause);
  return new ChildStartError('postgres', why, { cause });
}

const OLD_ONES_DEADLINE_MS = 10_000;

/**
 * When the main process was killed by kill -9, its sessions live on for a moment with the shared memory, and a new one
 * refuses to start beside them.
 */
async function onceTheOldOnesAreGone<T>(start: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + OLD_ONES_DEADLINE_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const stillThere = error instanceof ChildStartError && error.message.includes('is still in use');
      if (!stillThere || performance.now() > giveUpAt) throw error;
      await delay(100);
    }
  }
}
