import { INTERVALS } from '../../contracts/limits.ts';
import { monthsAhead } from '../../db/queries/make-months.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { startMonths } from './months.ts';

export const monthsWorker = {
  name: 'months',
  variables: ['DATABASE_URL'],
  async start({ config, log, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'months', log });
    onStop('months: postgres', () => database.end());
    addCheck(postgresCheck(database, 'months: postgres'));
    const ahead = metrics.gauge({
      name: 'dropgate_months_ahead',
      help: 'Months after this one that orders can be written to; below 0 not even this one.',
      async collect() {
        // A database that does not answer is told by its own check.
        const months = await monthsAhead(database).catch(() => undefined);
        if (months !== undefined) ahead.set(months);
      },
    });
    const failures = metrics.counter({
      name: 'dropgate_months_failures_total',
      help: 'Tries to make months that failed.',
    });
    const months = startMonths({ database, everyMs: INTERVALS.monthsEveryMs, log, failed: () => failures.inc() });
    onStop('months', () => months.stop());
  },
} satisfies Worker<'DATABASE_URL'>;
