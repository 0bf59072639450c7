import { formatUuidV7 } from '../../contracts/ids.ts';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { pruneOutcomes } from '../../db/queries/experiments/prune-outcomes.ts';
import type { Clock } from '../../platform/clock.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, type Database, postgresCheck } from '../../platform/connections/postgres.ts';
import { closeRedis, connectRedis } from '../../platform/connections/redis.ts';
import { connectRedisCluster } from '../../platform/connections/redis-cluster.ts';
import { repeatWork } from '../repeat.ts';
import type { Worker } from '../worker.ts';
import { attributeOrders } from './attribute.ts';
import { followFigures } from './follow.ts';
import { createTrends } from './trends.ts';

const variables = [
  ...(['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'DATABASE_URL'] as const),
  ...(['REDIS_URL', 'REDIS_PREFIX', 'REDIS_MODE'] as const),
] as const;

const NO_BYTES = new Uint8Array(10);

export const recommendationOutcomesWorker = {
  name: 'recommendation-outcomes',
  variables,
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const name = 'recommendation-outcomes';
    const database = connectPostgres({ url: config.DATABASE_URL, max: 2, name, log });
    onStop(`${name}: postgres`, () => database.end());
    addCheck(postgresCheck(database, `${name}: postgres`));
    // While it is away nothing trends, and orders wait.
    const connect = config.REDIS_MODE === 'cluster' ? connectRedisCluster : connectRedis;
    const redis = await connect({ url: config.REDIS_URL, name, log, required: false });
    onStop(`${name}: redis`, () => closeRedis(redis));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: name, log });
    onStop(`${name}: kafka`, () => kafka.close());
    addCheck({ ...kafka.check, name: `${name}: kafka` });

    const counted = metrics.counter({
      ...{ name: 'dropgate_recommendation_outcomes_total', labels: ['what'] },
      help: 'Figures that trend or count in experiments, orders looked at, rows deleted.',
    });
    const failures = metrics.counter({
      ...{ name: 'dropgate_recommendation_outcomes_failures_total', labels: ['what'] },
      help: 'Tries that failed.',
    });
    const { REDIS_PREFIX: redisPrefix, KAFKA_TOPIC_PREFIX: topicPrefix } = config;
    const trends = createTrends({ redis, redisPrefix });
    const subscription = await kafka.subscribe({
      groupId: `${topicPrefix}${name}`,
      topics: [topicName(topicPrefix, 'analytics.event')],
      fromBeginning: true,
      maxBatch: LIMITS.outcomesBatch,
      onBatch: (messages) =>
        followFigures(messages, {
          ...{ database, trends, clock, log },
          metrics: {
            counted: (what, count) => counted.inc({ what }, count),
            failed: (what) => failures.inc({ what }),
          },
        }),
    });
    onStop(name, () => subscription.stop());

    const work = {
      orders: () => attributeOrders({ database, redis, redisPrefix, clock }),
      pruned: () => prune(database, clock),
    } as const;
    for (const [kind, everyMs, most] of [
      ['orders', INTERVALS.attributionEveryMs, LIMITS.attributionBatch],
      ['pruned', INTERVALS.outcomesPruneEveryMs, LIMITS.outcomesPruneBatch],
    ] as const) {
      const loop = repeatWork({
        ...{ everyMs, most, kinds: [kind] },
        async work() {
          const count = await work[kind]();
          counted.inc({ what: kind }, count);
          return count;
        },
        failed(error) {
          failures.inc({ what: kind });
          log.warn({ err: error, work: kind }, 'outcomes of recommendations could not be looked after, trying again');
        },
      });
      onStop(`${name}: ${kind}`, () => loop.stop());
    }
  },
} satisfies Worker<(typeof variables)[number]>;

async function prune(database: Database, clock: Clock): Promise<number> {
  const beforeMs = Math.max(0, clock.now() - LIFETIMES.countedMs);
  const firstKeptEventId = formatUuidV7(beforeMs, NO_BYTES);
  const before = { firstKeptEventId, clickedBeforeMs: beforeMs, doneBeforeMs: beforeMs };
  return await pruneOutcomes(database, before, LIMITS.outcomesPruneBatch);
}
