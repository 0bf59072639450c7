import { Redis } from 'ioredis';
import pg from 'pg';
import { pendingMigrations } from '../../db/migrate.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import type { ServerName } from '../servers/server.ts';
import { withoutPassword } from '../up/reachable.ts';
import { type ExternalServer, SERVER_NAMES } from '../up/settings.ts';
import { type Finding, messageOf } from './finding.ts';

const DEADLINE_MS = 5_000;

export interface ServersToAsk {
  /** Servers whose URLs are set: they have to be there. */
  readonly external: readonly ExternalServer[];
  /** Where npm start last ran its own, by variable; there only while it runs. */
  readonly localAddresses: Readonly<Record<ServerName, string | undefined>>;
  readonly local: ReadonlySet<ServerName>;
  readonly isRunning: boolean;
}

interface Asked {
  readonly name: string;
  readonly server: ServerName;
  readonly addresses: readonly string[];
  readonly mend: string;
}

/** Really asks each server something, since an open port is not yet one that answers. */
export async function serverFindings(servers: ServersToAsk): Promise<readonly Finding[]> {
  const ownMend = 'npm stop, then npm start; its log is in DATA_DIR/logs';
  const own = SERVER_NAMES.filter((server) => servers.local.has(server));
  const ownAsked: readonly Asked[] = own.flatMap((server) => {
    const address = servers.localAddresses[server];
    if (!servers.isRunning || address === undefined) return [];
    return [{ name: server, server, addresses: address.split(','), mend: ownMend }];
  });
  const externalAsked: readonly Asked[] = servers.external.map(({ variable, server, addresses }) => ({
    name: variable,
    server,
    addresses,
    mend: `start it there, set ${variable} to where it is, or unset it`,
  }));
  const idle: readonly Finding[] = own
    .filter((server) => !ownAsked.some((asked) => asked.server === server))
    .map((server) => ({ name: server, status: 'note', detail: 'does not run; npm start runs it' }));
  const answers = await Promise.all([...ownAsked, ...externalAsked].map(askServer));
  return [...answers.flat(), ...idle];
}

async function askServer({ name, server, addresses, mend }: Asked): Promise<readonly Finding[]> {
  const where = addresses.map(withoutPassword).join(', ');
  try {
    const findings = await QUESTIONS[server](addresses);
    return findings.map((finding) => ({ ...finding, name: finding.name === '' ? name : finding.name }));
  } catch (error) {
    return [{ name, status: 'missing', detail: `${where}: ${messageOf(error)}`, mend }];
  }
}

const QUESTIONS: Readonly<Record<ServerName, (addresses: readonly string[]) => Promise<readonly Finding[]>>> = {
  redis: async ([address = '']) => [await askRedis(address)],
  kafka: async (addresses) => [await askKafka(addresses)],
  postgres: ([address = '']) => askPostgres(address),
};

async function askRedis(address: string): Promise<Finding> {
  const redis = new Redis(address, {
    lazyConnect: true,
    connectTimeout: DEADLINE_MS,
    commandTimeout: DEADLINE_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let reason = 'the connection was closed';
  redis.on('error', (error: Error) => {
    reason = error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
    const fsync = await redis.config('GET', 'appendfsync').catch(() => undefined);
    const durable = Array.isArray(fsync) && fsync[1] === 'always';
    const detail = `${withoutPassword(address)} answers`;
    if (durable || fsync === undefined)
      return { name: '', status: 'ok', detail: durable ? `${detail}, appendfsync always` : detail };
    const mend = 'a claim may be forgotten when it is killed: CONFIG SET appendonly yes, appendfsync always';
    return {
      name: '',
      status: 'note',
      detail: `${detail}, appendfsync ${String(Array.isArray(fsync) ? fsync[1] : fsync)}`,
      mend,
    };
  } catch (error) {
    throw new Error(messageOf(error) === 'Connection is closed.' ? reason : messageOf(error), { cause: error });
  } finally {
    redis.disconnect();
  }
}

async function askKafka(brokers: readonly string[]): Promise<Finding> {
  const log = createLogger({ name: 'doctor', level: 'silent' });
  const kafka = connectKafka({ brokers, clientId: 'dropgate-doctor', log });
  try {
    await kafka.check.check();
    return { name: '', status: 'ok', detail: `${brokers.join(', ')} serves metadata` };
  } finally {
    await kafka.close();
  }
}

async function askPostgres(address: string): Promise<readonly Finding[]> {
  const client = new pg.Client({
    connectionString: address,
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('select current_setting($1) as version', [
      'server_version',
    ]);
    const detail = `${withoutPassword(address)} answers, PostgreSQL ${rows[0]?.version ?? ''}`;
    return [{ name: '', status: 'ok', detail }, await askMigrations(client)];
  } finally {
    await client.end().catch(() => {});
  }
}

async function askMigrations(client: pg.Client): Promise<Finding> {
  const name = 'migrations';
  try {
    const pending = await pendingMigrations(client);
    if (pending.length === 0) return { name, status: 'ok', detail: 'up to date' };
    const detail = `${pending.length} not applied, ${pending[0] ?? ''} first`;
    return { name, status: 'missing', detail, mend: 'npm run migrate (npm start does it as well)' };
  } catch (error) {
    return { name, status: 'missing', detail: messageOf(error), mend: 'npm run migrate says more' };
  }
}
