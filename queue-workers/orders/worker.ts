import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { writeOrders } from './orders.ts';

export const ordersWorker = {
  name: 'orders',
  variables: ['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'DATABASE_URL', 'DATABASE_POOL'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: config.DATABASE_POOL, name: 'orders', log });
    onStop('orders: postgres', () => database.end());
    addCheck(postgresCheck(database, 'orders: postgres'));

    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'orders', log });
    onStop('orders: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'orders: kafka' });
    const publisher = await kafka.createPublisher();
    onStop('orders: dead letters', () => publisher.close());

    const written = metrics.counter({ name: 'dropgate_orders_written_total', help: 'Orders made from claims.' });
    const repeated = metrics.counter({ name: 'dropgate_orders_repeated_total', help: 'Claims that came again.' });
    const dead = metrics.counter({ name: 'dropgate_orders_dead_letters_total', help: 'Claims that were set aside.' });
    const commit = metrics.histogram({ name: 'dropgate_orders_commit_seconds', help: 'One batch, to its commit.' });

    const subscription = await kafka.subscribe({
      groupId: `${config.KAFKA_TOPIC_PREFIX}orders`,
      topics: [topicName(config.KAFKA_TOPIC_PREFIX, 'claims.won')],
      fromBeginning: true,
      maxBatch: LIMITS.ordersBatch,
      onBatch: (messages) =>
        writeOrders(messages, {
          database,
          publisher,
          topicPrefix: config.KAFKA_TOPIC_PREFIX,
          nextId: createIdSource(clock),
          log,
          metrics: {
            written(count, seconds) {
              written.inc(count);
              commit.observe(seconds);
            },
            repeated: (count) => repeated.inc(count),
            dead: () => dead.inc(),
          },
        }),
    });
    onStop('orders', () => subscription.stop());
  },
} satisfies Worker<'KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX' | 'DATABASE_URL' | 'DATABASE_POOL'>;
