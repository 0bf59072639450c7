/** What a run's statements cost the server by its own count. */
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { OrderStage } from './stage.ts';

/** All that a worker has: what one session could do follows from their sum. */
const MOST = 50;
const US_PER_MS = 1_000;
const TEXT_CHARS = 60;

export async function forgetStatements({ servers }: OrderStage): Promise<void> {
  await servers.admin.query('select pg_stat_statements_reset()');
}

/** The dearest ones first; `orders` are what the figures are divided by. */
export async function dearestStatements({ servers, databaseName }: OrderStage, orders: number): Promise<Figures[]> {
  const { rows } = await servers.admin.query<{ query: string; calls: number; ms: number; wal: number }>(
    `select query, calls, total_exec_time as ms, wal_bytes::float8 as wal
     from pg_stat_statements join pg_database d on d.oid = dbid
     where d.datname = $1 and query !~ 'pg_xact_commit_timestamp|count\\(\\*\\)'
     order by total_exec_time desc limit ${MOST}`,
    [databaseName],
  );
  return rows.map(({ query, calls, ms, wal }) => ({
    statement: query.replaceAll(/\s+/g, ' ').trim().slice(0, TEXT_CHARS),
    calls,
    'us/order': round((ms * US_PER_MS) / orders, 2),
    'WAL bytes/order': round(wal / orders),
  }));
}
