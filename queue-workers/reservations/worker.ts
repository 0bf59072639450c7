import { createIdSource } from '../../contracts/ids.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { startReservations } from './reservations.ts';

export const reservationsWorker = {
  name: 'reservations',
  variables: ['DATABASE_URL'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'reservations', log });
    onStop('reservations: postgres', () => database.end());
    addCheck(postgresCheck(database, 'reservations: postgres'));
    const labels = ['what'] as const;
    const ended = metrics.counter({
      name: 'dropgate_reservations_ended_total',
      help: 'Checkouts and orders of the store whose time was over.',
      labels,
    });
    const failures = metrics.counter({
      name: 'dropgate_reservations_failures_total',
      help: 'Tries to end them that failed.',
      labels,
    });
    const reservations = startReservations({
      ...{ database, clock, log, nextId: createIdSource(clock) },
      metrics: {
        ended: (what, count) => ended.inc({ what }, count),
        failed: (what) => failures.inc({ what }),
      },
    });
    onStop('reservations', () => reservations.stop());
  },
} satisfies Worker<'DATABASE_URL'>;
