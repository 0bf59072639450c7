import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { startCarts } from './carts.ts';

export const cartsWorker = {
  name: 'carts',
  variables: ['DATABASE_URL'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'carts', log });
    onStop('carts: postgres', () => database.end());
    addCheck(postgresCheck(database, 'carts: postgres'));
    const labels = ['work'] as const;
    const done = metrics.counter({
      name: 'dropgate_carts_total',
      help: 'Carts and codes looked after, by what was done.',
      labels,
    });
    const failures = metrics.counter({ name: 'dropgate_carts_failures_total', help: 'Tries that failed.', labels });
    const carts = startCarts({
      ...{ database, clock, log, nextId: createIdSource(clock), everyMs: INTERVALS.cartsEveryMs },
      metrics: {
        done: (work, count) => done.inc({ work }, count),
        failed: (work) => failures.inc({ work }),
      },
    });
    onStop('carts', () => carts.stop());
  },
} satisfies Worker<'DATABASE_URL'>;
