import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { startRatings } from './ratings.ts';

export const ratingsWorker = {
  name: 'ratings',
  variables: ['DATABASE_URL'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'ratings', log });
    onStop('ratings: postgres', () => database.end());
    addCheck(postgresCheck(database, 'ratings: postgres'));
    const labels = ['work'] as const;
    const done = metrics.counter({
      name: 'dropgate_ratings_changes_total',
      help: 'Changes of ratings, votes and sales that were added up.',
      labels,
    });
    const failures = metrics.counter({ name: 'dropgate_ratings_failures_total', help: 'Tries that failed.', labels });
    const options = {
      ...{ database, clock, log, nextId: createIdSource(clock) },
      metrics: {
        done: (work: string, count: number) => done.inc({ work }, count),
        failed: (work: string) => failures.inc({ work }),
      },
    };
    const quick = startRatings({ ...options, kinds: ['ratings', 'votes'], everyMs: INTERVALS.ratingsEveryMs });
    onStop('ratings', () => quick.stop());
    // Less often: what was sold says how popular a product is, and each change of it may index the product anew.
    const slow = startRatings({ ...options, kinds: ['sold'], everyMs: INTERVALS.soldEveryMs });
    onStop('ratings: sold', () => slow.stop());
  },
} satisfies Worker<'DATABASE_URL'>;
