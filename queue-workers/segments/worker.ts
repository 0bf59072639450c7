import { INTERVALS } from '../../contracts/limits.ts';
import { beginRun, undoRun } from '../../db/queries/segments/segments.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { repeat } from '../repeat.ts';
import type { Worker } from '../worker.ts';
import { groupShoppers } from './group.ts';

const DAY_MS = 24 * 3_600_000;
/** Three in the morning, UTC. */
const NIGHT_MS = 3 * 3_600_000;

export const segmentsWorker = {
  name: 'segments',
  variables: ['DATABASE_URL'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'segments', log });
    onStop('segments: postgres', () => database.end());
    addCheck(postgresCheck(database, 'segments: postgres'));
    const grouped = metrics.counter({ name: 'dropgate_shoppers_grouped_total', help: 'Shoppers put into groups.' });
    const failed = metrics.counter({ name: 'dropgate_segments_failed_total', help: 'Nights that failed.' });
    const grouping = repeat({
      everyMs: INTERVALS.segmentsLookMs,
      async look(stopping) {
        const nowMs = clock.now();
        const dueMs = Math.floor((nowMs - NIGHT_MS) / DAY_MS) * DAY_MS + NIGHT_MS;
        if (!(await beginRun(database, { beginAtMs: nowMs, dueMs }))) return;
        try {
          grouped.inc(await groupShoppers({ database, clock }, stopping));
        } catch (error) {
          await undoRun(database).catch(() => undefined);
          throw error;
        }
      },
      failed(error) {
        failed.inc();
        log.warn({ err: error }, 'shoppers could not be grouped, trying again');
      },
    });
    onStop('segments', () => grouping.stop());
  },
} satisfies Worker<'DATABASE_URL'>;
