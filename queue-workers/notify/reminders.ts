/** Reminds shoppers of drops that are near, and deletes what is too old to be known any longer. */
import type { IdSource } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import { takeDueReminders } from '../../db/queries/drop-reminders.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { PRUNED_TABLES, type PrunedTable, pruneOld } from '../../db/queries/prune-old.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Repeated, repeat } from '../repeat.ts';

/** Asks for the mails of one batch of due reminders; the row says that it is told in the same transaction. */
export async function tellReminders(
  database: Database,
  { nowMs, nextId, limit = LIMITS.reminderBatch }: { nowMs: number; nextId: IdSource; limit?: number },
): Promise<number> {
  return await withTransaction(database, async (client) => {
    const due = await takeDueReminders(client, { nowMs, openBeforeMs: nowMs + LIMITS.reminderAheadMs, limit });
    const events = due.map(({ dropId, userId, title, startsAtMs }) => {
      const values = { dropId, title, startsAt: startsAtMs };
      const text = noticeEvent({ template: 'drop-reminder', userId, eventId: nextId(), at: nowMs, values });
      return { topic: 'notification.email', key: userId, text };
    });
    await insertOutbox(client, events);
    return due.length;
  });
}

/** Keys say themselves when they are over; the rest is known for as long as its event may come again. */
function keptMsOf(table: PrunedTable): number {
  return table === 'idempotency_keys' ? 0 : LIFETIMES.noticesKeptMs;
}

/** Deletes what is too old, in bounded statements; says how many rows that were. */
export async function pruneNotices(database: Database, nowMs: number): Promise<number> {
  let pruned = 0;
  for (const table of PRUNED_TABLES) {
    const beforeMs = nowMs - keptMsOf(table);
    for (let round = 0; round < LIMITS.pruneRounds; round += 1) {
      const count = await pruneOld(database, table, beforeMs, LIMITS.pruneBatch);
      pruned += count;
      if (count < LIMITS.pruneBatch) break;
    }
  }
  return pruned;
}

export interface SchedulerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly nextId: IdSource;
  readonly log: Logger;
  readonly everyMs: number;
  readonly pruneEveryMs: number;
  readonly metrics: { told(count: number): void; pruned(count: number): void; failed(): void };
}

export function startScheduler(options: SchedulerOptions): Repeated {
  const { database, clock, nextId, log, everyMs, pruneEveryMs, metrics } = options;
  let prunedAtMs = Number.NEGATIVE_INFINITY;

  async function look(stopping: AbortSignal): Promise<void> {
    const nowMs = clock.now();
    for (let count: number = LIMITS.reminderBatch; count === LIMITS.reminderBatch && !stopping.aborted; ) {
      count = await tellReminders(database, { nowMs, nextId });
      metrics.told(count);
    }
    if (nowMs - prunedAtMs < pruneEveryMs || stopping.aborted) return;
    const pruned = await pruneNotices(database, nowMs);
    metrics.pruned(pruned);
    // Where one round was not enough the next one follows soon: keys come by the thousand each minute.
    if (pruned < LIMITS.pruneBatch * LIMITS.pruneRounds) prunedAtMs = nowMs;
  }

  return repeat({
    ...{ everyMs, look },
    failed(error) {
      metrics.failed();
      log.warn({ err: error }, 'reminders could not be told, trying again');
    },
  });
}
