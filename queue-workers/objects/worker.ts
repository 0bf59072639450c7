import { INTERVALS } from '../../contracts/limits.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { OBJECTS_VARIABLES, objectsCheck, openObjects } from '../../platform/objects/open-objects.ts';
import type { Worker } from '../worker.ts';
import { startObjects } from './objects.ts';

export const objectsWorker = {
  name: 'objects',
  variables: ['DATABASE_URL', ...OBJECTS_VARIABLES],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'objects', log });
    onStop('objects: postgres', () => database.end());
    addCheck(postgresCheck(database, 'objects: postgres'));
    const objects = openObjects(config);
    addCheck(objectsCheck(objects, 'objects: store'));
    const labels = ['work'] as const;
    const done = metrics.counter({
      name: 'dropgate_objects_total',
      help: 'Uploads given up, and objects that had to be removed.',
      labels,
    });
    const failures = metrics.counter({ name: 'dropgate_objects_failures_total', help: 'Tries that failed.', labels });
    const work = startObjects({
      ...{ database, objects, clock, log, everyMs: INTERVALS.objectsEveryMs },
      metrics: {
        done: (kind, count) => done.inc({ work: kind }, count),
        failed: (kind) => failures.inc({ work: kind }),
      },
    });
    onStop('objects', () => work.stop());
  },
} satisfies Worker<'DATABASE_URL' | (typeof OBJECTS_VARIABLES)[number]>;
