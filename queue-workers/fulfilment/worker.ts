import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { startFulfilment } from './fulfilment.ts';

export const fulfilmentWorker = {
  name: 'fulfilment',
  variables: ['DATABASE_URL'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'fulfilment', log });
    onStop('fulfilment: postgres', () => database.end());
    addCheck(postgresCheck(database, 'fulfilment: postgres'));
    const labels = ['work'] as const;
    const done = metrics.counter({
      name: 'dropgate_fulfilment_total',
      help: 'Parcels that arrived as their carriers say, and orders that are over, by what was done.',
      labels,
    });
    const failures = metrics.counter({
      name: 'dropgate_fulfilment_failures_total',
      help: 'Tries that failed.',
      labels,
    });
    const fulfilment = startFulfilment({
      ...{ database, clock, log, nextId: createIdSource(clock), everyMs: INTERVALS.fulfilmentEveryMs },
      metrics: {
        done: (work, count) => done.inc({ work }, count),
        failed: (work) => failures.inc({ work }),
      },
    });
    onStop('fulfilment', () => fulfilment.stop());
  },
} satisfies Worker<'DATABASE_URL'>;
