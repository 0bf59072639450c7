import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { createOutgoingKeys } from '../../platform/outgoing/outgoing.ts';
import { createPoster } from '../../platform/outgoing/poster.ts';
import type { Worker } from '../worker.ts';
import { followOrders } from './order-news.ts';
import { startWebhooks } from './webhooks.ts';

export const webhooksWorker = {
  name: 'webhooks',
  variables: ['NODE_ENV', 'DATABASE_URL', 'KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'OUTGOING_SECRET'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const keys = createOutgoingKeys(config.OUTGOING_SECRET);
    if (keys === undefined) {
      log.info('OUTGOING_SECRET is not set: no webhooks');
      return;
    }
    const prefix = config.KAFKA_TOPIC_PREFIX;
    const database = connectPostgres({ url: config.DATABASE_URL, max: 4, name: 'webhooks', log });
    onStop('webhooks: postgres', () => database.end());
    addCheck(postgresCheck(database, 'webhooks: postgres'));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'webhooks', log });
    onStop('webhooks: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'webhooks: kafka' });
    const poster = createPoster({
      isStrict: config.NODE_ENV === 'production',
      deadlineMs: LIMITS.webhookDeadlineMs,
      keptBytes: LIMITS.webhookAnswerBytes,
      keptConnections: LIMITS.webhooksAtOnce,
    });
    onStop('webhooks: connections', async () => poster.close());

    const results = metrics.counter({
      name: 'dropgate_webhooks_total',
      help: 'Tries to deliver a webhook by what became of them.',
      labels: ['result'],
    });
    const underWay = metrics.gauge({ name: 'dropgate_webhooks_under_way', help: 'Deliveries that are being sent.' });
    const subscription = await kafka.subscribe({
      groupId: `${prefix}webhooks`,
      topics: [topicName(prefix, 'order.created'), topicName(prefix, 'order.status')],
      fromBeginning: true,
      async onBatch(messages) {
        await followOrders({ database, log }, messages);
      },
    });
    onStop('webhooks: orders', () => subscription.stop());
    const webhooks = startWebhooks({
      ...{ database, keys, poster, clock, log, nextId: createIdSource(clock) },
      metrics: { result: (result) => results.inc({ result }), underWay: (count) => underWay.set(count) },
    });
    onStop('webhooks', () => webhooks.stop());
  },
} satisfies Worker<'NODE_ENV' | 'DATABASE_URL' | 'KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX' | 'OUTGOING_SECRET'>;
