import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { repeatWork } from '../repeat.ts';
import type { Worker } from '../worker.ts';
import { settle } from './settle.ts';

export const settlementsWorker = {
  name: 'settlements',
  variables: ['DATABASE_URL'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'settlements', log });
    onStop('settlements: postgres', () => database.end());
    addCheck(postgresCheck(database, 'settlements: postgres'));
    const settled = metrics.counter({
      name: 'dropgate_transfers_settled_total',
      help: 'Transfers of the money ledger that were divided among merchants.',
    });
    const failed = metrics.counter({ name: 'dropgate_settlements_failed_total', help: 'Looks for them that failed.' });
    const settling = repeatWork({
      ...{ everyMs: INTERVALS.settleEveryMs, kinds: ['transfers'], most: LIMITS.settledTransfers },
      async work() {
        const count = await settle({ database, clock, log });
        settled.inc(count);
        return count;
      },
      failed(error) {
        failed.inc();
        log.warn({ err: error }, 'transfers could not be settled, trying again');
      },
    });
    onStop('settlements', () => settling.stop());
  },
} satisfies Worker<'DATABASE_URL'>;
