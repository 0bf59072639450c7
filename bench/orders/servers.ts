/** What all runs share: one Kafka, one PostgreSQL, and in it a database with our schema from which each run gets a copy. */
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { type BenchKafka, startBenchKafka } from '../machine/kafka-server.ts';
import { type BenchPostgres, migrate, startBenchPostgres } from '../machine/postgres-server.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';

export interface OrderServers {
  readonly kafka: BenchKafka;
  readonly postgres: BenchPostgres;
  /** For questions about the server and for making databases, never for load. */
  readonly admin: Database;
  readonly postgresVersion: string;
  /** For questions to one database; the caller ends it. */
  connect(databaseName: string): Promise<Database>;
  close(): Promise<void>;
}

/** Beside those of npm start: when a row was committed is known afterwards, and what the statements cost. */
const SETTINGS = {
  track_commit_timestamp: 'on',
  shared_preload_libraries: 'pg_stat_statements',
} as const;

export const OUR_DATABASE = 'ours';
const FSYNC_DIGITS = 3;

/** For as long as a scenario takes; what an fsync costs is measured before anybody else uses the disk. */
export async function withOrderServers<T>(
  context: BenchContext,
  use: (servers: OrderServers, fsyncMs: number) => Promise<T>,
  more: Readonly<Record<string, string>> = {},
): Promise<T> {
  context.progress('fsync time of this disk');
  const fsyncMs = round(await measureFsyncMs(context.folder), FSYNC_DIGITS);
  context.progress('starting Kafka and PostgreSQL');
  const servers = await startOrderServers(context, more);
  try {
    return await use(servers, fsyncMs);
  } finally {
    await servers.close();
  }
}

export async function startOrderServers(
  { folder, signal }: BenchContext,
  /** Of PostgreSQL, beside those. */
  more: Readonly<Record<string, string>> = {},
  /** One that is there already; whoever started it stops it. */
  sharedKafka?: BenchKafka,
): Promise<OrderServers> {
  const settings = { ...SETTINGS, ...more };
  const startingKafka = sharedKafka === undefined ? startBenchKafka(folder, signal) : notOurs(sharedKafka);
  const starting = [startingKafka, startBenchPostgres(folder, settings, signal)] as const;
  const started = await Promise.allSettled(starting);
  const [kafka, postgres] = started;
  if (kafka.status === 'rejected' || postgres.status === 'rejected') {
    await Promise.all(started.map((server) => (server.status === 'fulfilled' ? server.value.stop() : undefined)));
    throw started.find((server) => server.status === 'rejected')?.reason;
  }
  const log = createLogger({ name: 'bench', level: 'silent' });
  const admin = connectPostgres({ url: postgres.value.url, max: 2, name: 'bench', log });
  const close = async (): Promise<void> => {
    await admin.end();
    await Promise.all([kafka.value.stop(), postgres.value.stop()]);
  };
  try {
    await admin.query('create extension pg_stat_statements');
    await admin.query(`create database ${OUR_DATABASE}`);
    await migrate(postgres.value.urlOf(OUR_DATABASE), signal);
    const { rows } = await admin.query<{ server_version: string }>('show server_version');
    const postgresVersion = rows[0]?.server_version ?? 'unknown';
    const connect = async (name: string): Promise<Database> =>
      connectPostgres({ url: postgres.value.urlOf(name), max: 1, name: 'bench', log, statementTimeoutMs: 600_000 });
    return { kafka: kafka.value, postgres: postgres.value, admin, postgresVersion, connect, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function notOurs(kafka: BenchKafka): Promise<BenchKafka> {
  return { ...kafka, stop: async () => undefined };
}
