import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { recommendationKeys } from '../../contracts/recommendations.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { createLeadership } from '../leadership.ts';
import type { Worker } from '../worker.ts';
import { createModelStore } from './model-store.ts';
import { TRAINING } from './settings.ts';
import { trainModel } from './train-model.ts';
import { startTrainer } from './trainer.ts';

const TRAINING_BUCKETS_SECONDS = [1, 5, 15, 60, 180, 600, 1_800];

export const recommendationsWorker = {
  name: 'recommendations',
  variables: ['REDIS_URL', 'REDIS_PREFIX', 'REDIS_MODE', 'DATABASE_URL', 'RECOMMENDATION_THREADS'],
  async start({ config, clock, log, metrics, onStop, addCheck }) {
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, DATABASE_URL: url } = config;
    const name = 'recommendations';
    const shards = await connectShards({ homeUrl, regionUrls: new Map(), name, log, mode });
    onStop(`${name}: redis`, () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `${name}: ${check.name}` });
    const database = connectPostgres({ url, max: 3, name, log, statementTimeoutMs: INTERVALS.trainingStatementMs });
    onStop(`${name}: postgres`, () => database.end());
    addCheck(postgresCheck(database, `${name}: postgres`));

    const keys = recommendationKeys(config.REDIS_PREFIX);
    const store = createModelStore(shards.home.redis, keys);
    const settings = { ...TRAINING, threads: config.RECOMMENDATION_THREADS };
    const leader = metrics.gauge({ name: 'dropgate_training_leader', help: '1 in the process that trains.' });
    const failures = metrics.counter({ name: 'dropgate_training_failures_total', help: 'Trainings that failed.' });
    const forgotten = metrics.counter({
      name: 'dropgate_recommendations_forgotten_total',
      help: 'Erased people whose recommendations were removed.',
    });
    const seconds = metrics.histogram({
      name: 'dropgate_training_seconds',
      help: 'How long a training of recommendations took.',
      buckets: TRAINING_BUCKETS_SECONDS,
    });
    const trainer = startTrainer({
      leadership: createLeadership({
        redis: shards.home.redis,
        key: keys.trainer,
        lockMs: INTERVALS.trainingLockMs,
        onLost: (error) => log.warn({ err: error }, 'the lead of the training was lost'),
      }),
      ...{ database, store, clock, log },
      train: (until) => trainModel({ database, store, settings, nextId: createIdSource(clock), clock, log }, until),
      metrics: {
        leads: (isLeader) => leader.set(isLeader ? 1 : 0),
        trained: (tookMs) => seconds.observe({}, tookMs / 1_000),
        failed: () => failures.inc(),
        forgot: (people) => forgotten.inc(people),
      },
    });
    onStop(name, () => trainer.stop());
  },
} satisfies Worker<'REDIS_URL' | 'REDIS_PREFIX' | 'REDIS_MODE' | 'DATABASE_URL' | 'RECOMMENDATION_THREADS'>;
