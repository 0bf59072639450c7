/** Waits for the orders of a sale to be committed, and reads which they are and when the last one was. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../platform/connections/postgres.ts';
import type { FoundOrders } from './contender.ts';

const POLL_MS = 50;
/** A relay that died is replaced after 15 s, a member of a Kafka group after 10. */
const STALLED_MS = 30_000;

export interface Rows {
  /** What tells the orders of this sale: a column and its value. */
  readonly column: 'sku' | 'drop_id';
  readonly value: string;
}

export async function findOrders(
  database: Database,
  { column, value }: Rows,
  told: number,
  signal: AbortSignal,
): Promise<FoundOrders> {
  let [seen, seenAtMs] = [-1, 0];
  for (;;) {
    signal.throwIfAborted();
    const counted = await database.query<{ count: number }>(
      `select count(*)::int as count from orders where ${column} = $1`,
      [value],
    );
    const count = counted.rows[0]?.count ?? 0;
    if (count !== seen) [seen, seenAtMs] = [count, performance.now()];
    if (count >= told || performance.now() - seenAtMs > STALLED_MS) break;
    await delay(POLL_MS);
  }
  const { rows } = await database.query<{ id: string; at: number }>(
    `select id, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 * 1000 as at from orders where ${column} = $1`,
    [value],
  );
  return { ids: rows.map(({ id }) => id), lastMs: rows.reduce((last, { at }) => Math.max(last, at), 0) };
}
