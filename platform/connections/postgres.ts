import { Pool, type PoolClient, TypeOverrides } from 'pg';
import { PlatformError } from '../errors.ts';
import type { Check } from '../health.ts';
import { PLATFORM_LIMITS } from '../limits.ts';
import type { Logger } from '../logging/logger.ts';
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

const BEGIN_PLANNED_ONCE = 'BEGIN; SET LOCAL plan_cache_mode = force_generic_plan';

/**
 * All of `fn` or nothing of it. When it rejects, the transaction is rolled back and the same error goes on.
 * A COMMIT that is not answered may have happened: COMMIT_OUTCOME_UNKNOWN, and only what is idempotent may be repeated.
 */
export async function withTransaction<T>(
  pool: Pool,
  fn: (client: PoolClient) => Promise<T>,
  { plannedOnce = false }: TransactionOptions = {},
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(plannedOnce ? BEGIN_PLANNED_ONCE : 'BEGIN');
    const result = await fn(client);
    broken = true;
    await commit(client);
    broken = false;
    return result;
  } catch (error) {
    // After a failed COMMIT nothing is known of the connection either, and closing it rolls back what is left.
    broken = broken || !(await rolledBack(client));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function commit(client: PoolClient): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query('COMMIT'));
  } catch (cause) {
    throw afterFailedCommit(cause);
  }
  // PostgreSQL answers COMMIT with ROLLBACK when a statement failed before and its error was swallowed.
  if (command !== 'COMMIT') {
    throw new PlatformError(
      'TRANSACTION_ABORTED',
      'the transaction was rolled back: one of its statements had failed',
      {
        retryable: false,
      },
    );
  }
}

function afterFailedCommit(cause: unknown): unknown {
  // An error with an SQLSTATE is the server's own answer (a deferred constraint, a serialization failure): not committed.
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  const answered = isSqlState(code) && !/^(08|57P)/.test(code);
  if (answered) return cause;
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
