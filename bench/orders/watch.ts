/** What a run is timed by: when the first entry left the outbox, when the last row was committed, who used the cores. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Happened } from '../machine/rate-line.ts';
import type { OrderStage } from './stage.ts';

const POLL_MS = 2;
const LEAST_BETWEEN_COUNTS_MS = 50;
const MOST_BETWEEN_COUNTS_MS = 2_000;
const HALF = 0.5;
const DEADLINE_MS = 300_000;
const STALLED_MS = 45_000;

/** Epoch milliseconds with fractions, of the clock that PostgreSQL uses as well. */
const epochMs = (): number => performance.timeOrigin + performance.now();

/** When a relay took the first entry: the moment of the last look that found none, rather too early than too late. */
export async function firstEntryTaken({ redis, outboxes }: OrderStage, signal: AbortSignal): Promise<number> {
  const deadline = performance.now() + STALLED_MS;
  let lookedMs = epochMs();
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const nowMs = epochMs();
    for (const outbox of outboxes) if (await hasReader(redis.admin, outbox)) return lookedMs;
    lookedMs = nowMs;
    await delay(POLL_MS);
  }
  throw new Error('The relay took nothing.');
}

async function hasReader(redis: OrderStage['redis']['admin'], outbox: string): Promise<boolean> {
  const groups: unknown = await redis.xinfo('GROUPS', outbox);
  const [group]: unknown[] = Array.isArray(groups) ? groups : [];
  if (!Array.isArray(group)) return false;
  return Number(group[group.indexOf('entries-read') + 1]) > 0;
}

/** When the relay had taken all entries out of the outbox. */
export async function outboxEmpty({ redis, outboxes }: OrderStage, signal: AbortSignal): Promise<number> {
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const lengths = await Promise.all(outboxes.map((outbox) => redis.admin.xlen(outbox)));
    if (lengths.every((length) => length === 0)) return epochMs();
    await delay(POLL_MS);
  }
  throw new Error('The outbox did not become empty.');
}

/**
 * Waits until this many orders are there, or none has come for a while: what is missing then is for the audit to say.
 * Counting reads all rows, so it is done seldom: when half of what is missing should have come.
 */
export async function ordersWritten({ database }: OrderStage, wanted: number, signal: AbortSignal): Promise<void> {
  const from = performance.now();
  let [seen, seenAt] = [0, from];
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await database.query<{ count: number }>('select count(*)::int as count from orders');
    const now = performance.now();
    const count = rows[0]?.count ?? 0;
    if (count >= wanted || now - from > DEADLINE_MS) return;
    if (count > seen) [seen, seenAt] = [count, now];
    else if (now - seenAt > STALLED_MS) return;
    const expectedMs = count === 0 ? 0 : ((wanted - count) / count) * (now - from);
    await delay(Math.min(MOST_BETWEEN_COUNTS_MS, Math.max(LEAST_BETWEEN_COUNTS_MS, HALF * expectedMs)));
  }
}

export interface Commits {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Orders of the first transaction. */
  readonly inFirst: number;
  /** Each transaction with its orders, in their order. */
  readonly each: readonly Happened[];
}

/** PostgreSQL notes the time of each commit just before it is written to the disk: one fsync later it is durable. */
export async function commitsOf({ database }: OrderStage): Promise<Commits> {
  const { rows } = await database.query<{ at: number; orders: number }>(`
    select (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as at, count(*)::int as orders
    from orders group by 1 order by 1`);
  const each = rows.map(({ at, orders }): Happened => ({ atMs: at, count: orders }));
  return { firstMs: each[0]?.atMs ?? 0, lastMs: each.at(-1)?.atMs ?? 0, inFirst: each[0]?.count ?? 0, each };
}

export const PROCESSES = ['relay', 'orders', 'redis', 'kafka', 'postgres'] as const;

export function pidsOf({ redis, servers }: OrderStage): Record<'redis' | 'kafka' | 'postgres', number> {
  return { redis: redis.pid, kafka: servers.kafka.pid, postgres: servers.postgres.pid };
}
