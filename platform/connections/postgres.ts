import { Pool, type PoolClient, TypeOverrides } from 'pg';
import { PlatformError } from '../errors.ts';
import type { Check } from '../health.ts';
import { PLATFORM_LIMITS } from '../limits.ts';
import type { Logger } from '../logging/logger.ts';
import { type Asking, together } from './postgres-together.ts';
import { isSqlState, parseInt8, parseInt8Array, parseUtcTimestamp } from './postgres-types.ts';

export type { Pool as Database, PoolClient as DatabaseClient } from 'pg';

export interface PostgresConnection {
  readonly url: string;
  /** The most connections at once. */
  readonly max: number;
  /** As `pg_stat_activity` shows it. */
  readonly name: string;
  readonly log: Logger;
  readonly statementTimeoutMs?: number;
  /** Settings of the server for these connections, such as plan_cache_mode. */
  readonly settings?: Readonly<Record<string, string>>;
}

const OID = { int8: 20, int8Array: 1016, date: 1082, timestamp: 1114 } as const;

/**
 * A pool that connects when it is first used. int8 comes as a number, as money is an integer of minor units: one that a
 * number cannot hold exactly throws. A date stays text, as a Date would move it into the zone of the machine.
 */
export function connectPostgres(connection: PostgresConnection): Pool {
  const { url, max, name, log, statementTimeoutMs = PLATFORM_LIMITS.postgresStatementMs } = connection;
  const types = new TypeOverrides();
  types.setTypeParser(OID.int8, parseInt8);
  types.setTypeParser(OID.int8Array, parseInt8Array);
  types.setTypeParser(OID.date, (text) => text);
  types.setTypeParser(OID.timestamp, parseUtcTimestamp);
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: name,
    options: Object.entries({ timezone: 'UTC', ...connection.settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types,
    keepAlive: true,
    connectionTimeoutMillis: PLATFORM_LIMITS.postgresConnectTimeoutMs,
    idleTimeoutMillis: PLATFORM_LIMITS.postgresIdleMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + (PLATFORM_LIMITS.postgresQueryMs - PLATFORM_LIMITS.postgresStatementMs),
    idle_in_transaction_session_timeout: PLATFORM_LIMITS.postgresIdleInTransactionMs,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection to PostgreSQL was lost'));
  // A connection that breaks while somebody holds it tells its error twice: to the query, and here, where without a
  // listener it would end the process.
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ err: error }, 'PostgreSQL connection')));
  return pool;
}

export function postgresCheck(pool: Pool, name = 'postgres'): Check {
  return {
    name,
    async check() {
      await pool.query('SELECT 1');
    },
  };
}

export interface TransactionOptions {
  /**
   * Prepared statements keep the first plan of their connection. For statements that are best done in one way whatever
   * their values are: an array is taken for ten elements, so PostgreSQL plans for one element each time anew, which can
   * cost more than the statement itself.
   */
  readonly plannedOnce?: boolean;
}

const BEGIN = { name: 'begin', text: 'BEGIN' } as const;
const PLANNED_ONCE = { name: 'planned-once', text: 'SET LOCAL plan_cache_mode = force_generic_plan' } as const;
const COMMIT = { name: 'commit', text: 'COMMIT' } as const;

/**
 * All of `fn` or nothing of it. When it rejects, the transaction is rolled back and the same error goes on.
 * A COMMIT that is not answered may have happened: COMMIT_OUTCOME_UNKNOWN, and only what is idempotent may be repeated.
 */
export async function withTransaction<T>(
  pool: Pool,
  fn: (client: PoolClient) => Promise<T>,
  { plannedOnce = false }: TransactionOptions = {},
): Promise<T> {
  return await inTransaction(pool, async (client, committed) => {
    await client.query(plannedOnce ? `${BEGIN.text}; ${PLANNED_ONCE.text}` : BEGIN.text);
    const result = await fn(client);
    return await committed(async () => {
      endedWith(await client.query(COMMIT.text));
      return result;
    });
  });
}

export interface ShortTransaction<A, T> {
  /** Sent with the BEGIN. */
  first(asking: Asking): Promise<A>;
  /** What is in between: mostly nothing but a decision. */
  work(client: PoolClient, found: A): Promise<LastOf<T>>;
}

export interface LastOf<T> {
  readonly result: T;
  /** Sent with the COMMIT, which does not happen when one of them fails. */
  last?(asking: Asking): Promise<unknown>;
}

/** As withTransaction, in as few round trips as its statements allow: two, where `work` asks nothing. */
export async function withShortTransaction<A, T>(
  pool: Pool,
  { first, work }: ShortTransaction<A, T>,
  { plannedOnce = false }: TransactionOptions = {},
): Promise<T> {
  return await inTransaction(pool, async (client, committed) => {
    const [found] = await together(client, (asking) => {
      const begun = [asking.query(BEGIN), ...(plannedOnce ? [asking.query(PLANNED_ONCE)] : [])];
      return Promise.all([first(asking), ...begun]);
    });
    const { result, last } = await work(client, found);
    return await committed(async () => {
      const [ended] = await together(client, (asking) => {
        const done = last?.(asking);
        return Promise.all([asking.query(COMMIT), done]);
      });
      endedWith(ended);
      return result;
    });
  });
}

type Committed<T> = (commit: () => Promise<T>) => Promise<T>;

async function inTransaction<T>(
  pool: Pool,
  run: (client: PoolClient, committed: Committed<T>) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await run(client, async (commit) => {
      try {
        return await commit();
      } catch (cause) {
        const failure = afterFailedCommit(cause);
        // Where nothing is known of a COMMIT, nothing is known of the connection either; closing it rolls back what is left.
        broken = failure !== cause;
        throw failure;
      }
    });
  } catch (error) {
    broken = broken || !(await rolledBack(client));
    throw error;
  } finally {
    client.release(broken);
  }
}

const ABORTED = 'TRANSACTION_ABORTED';

/** PostgreSQL answers COMMIT with ROLLBACK when a statement failed before and its error was swallowed. */
function endedWith({ command }: { readonly command: string }): void {
  if (command === 'COMMIT') return;
  throw new PlatformError(ABORTED, 'the transaction was rolled back: one of its statements had failed', {
    retryable: false,
  });
}

function afterFailedCommit(cause: unknown): unknown {
  // An error with an SQLSTATE is the server's own answer (a deferred constraint, a serialization failure): not committed.
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  const answered = isSqlState(code) && !/^(08|57P)/.test(code);
  if (answered || code === ABORTED) return cause;
  return new PlatformError('COMMIT_OUTCOME_UNKNOWN', 'the connection broke during COMMIT: it may have happened', {
    retryable: true,
    cause,
  });
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    // The connection is gone, and with it the transaction; why is told by the error that led here.
    return false;
  }
}
