import { requireModel } from '../../commerce/fraud/model.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { findActiveModel } from '../../db/queries/fraud/models.ts';
import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { createRefreshed } from '../../platform/refreshed.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import type { Worker } from '../worker.ts';
import { createAssessor } from './assessor.ts';
import { createOrdersMetrics } from './metrics.ts';
import { writeOrders } from './orders.ts';
import { cancelReleased } from './releases.ts';

const variables = [
  ...(['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'DATABASE_URL', 'DATABASE_POOL'] as const),
  ...(['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY', 'ORDER_GATHER_MS'] as const),
] as const;

export const ordersWorker = {
  name: 'orders',
  variables,
  async start({ config, env, log, clock, metrics, tracing, onStop, addCheck }) {
    const regionUrls = loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL);
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, CLAIM_DURABILITY: durability } = config;
    // For the holds of blocked orders alone: an order is written also while Redis is gone, so it is no check of ours.
    const shards = await connectShards({ homeUrl, regionUrls, name: 'orders', log, mode, durability });
    onStop('orders: redis', () => shards.close());

    const database = connectPostgres({
      url: config.DATABASE_URL,
      max: Math.min(config.DATABASE_POOL, LIMITS.ordersConnections),
      name: 'orders',
      log,
      // Left alone, PostgreSQL plans each batch anew, as its arrays look different from the last ones.
      settings: { plan_cache_mode: 'force_generic_plan' },
    });
    onStop('orders: postgres', () => database.end());
    addCheck(postgresCheck(database, 'orders: postgres'));

    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'orders', log });
    onStop('orders: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'orders: kafka' });
    const publisher = await kafka.createPublisher();
    onStop('orders: dead letters', () => publisher.close());
    const assessor = createAssessor();
    onStop('orders: thread', () => assessor.close());

    const models = createRefreshed({
      read: async () => requireModel(await findActiveModel(database)),
      everyMs: INTERVALS.fraudModelEveryMs,
      ...{ clock, failed: (error) => log.warn({ err: error }, 'the fraud model cannot be read; the one before holds') },
    });
    await models.begin();

    const topicPrefix = config.KAFKA_TOPIC_PREFIX;
    const holds = createHolds({ shards, keys: createKeys(config.REDIS_PREFIX) });
    const nextId = createIdSource(clock);
    const shared = { database, publisher, topicPrefix, nextId, log, tracing, metrics: createOrdersMetrics(metrics) };
    const { ORDER_GATHER_MS: gatherMs } = config;
    const reading = { fromBeginning: true, maxBatch: LIMITS.ordersBatch, isMixed: true, gatherMs };
    const won = await kafka.subscribe({
      ...reading,
      groupId: `${topicPrefix}orders`,
      topics: [topicName(topicPrefix, 'claims.won')],
      partitionsAtOnce: LIMITS.ordersPartitions,
      onBatch: (messages) => writeOrders(messages, { ...shared, assessor, holds, clock, model: models.current }),
    });
    onStop('orders', () => won.stop());
    const released = await kafka.subscribe({
      ...reading,
      groupId: `${topicPrefix}orders-released`,
      topics: [topicName(topicPrefix, 'claims.released')],
      onBatch: (messages) => cancelReleased(messages, shared),
    });
    onStop('orders: released claims', () => released.stop());
  },
} satisfies Worker<(typeof variables)[number]>;
