import { decodeEvent } from '../../contracts/events/codec.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { followChanges } from './stock-alerts.ts';

export const stockAlertsWorker = {
  name: 'stock-alerts',
  variables: ['DATABASE_URL', 'KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const prefix = config.KAFKA_TOPIC_PREFIX;
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'stock-alerts', log });
    onStop('stock-alerts: postgres', () => database.end());
    addCheck(postgresCheck(database, 'stock-alerts: postgres'));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'stock-alerts', log });
    onStop('stock-alerts: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'stock-alerts: kafka' });

    const turned = metrics.counter({
      name: 'dropgate_stock_turned_total',
      help: 'Articles that became sold out, or came back.',
    });
    const mails = metrics.counter({ name: 'dropgate_stock_alert_mails_total', help: 'Mails asked for to merchants.' });
    const options = { database, clock, nextId: createIdSource(clock) };
    const subscription = await kafka.subscribe({
      groupId: `${prefix}stock-alerts`,
      topics: [topicName(prefix, 'inventory.updated')],
      fromBeginning: true,
      async onBatch(messages) {
        const skus = new Set<string>();
        for (const { value, offset, partition } of messages) {
          const decoded = decodeEvent('inventory.updated', value);
          if (decoded.ok) skus.add(decoded.event.data.sku);
          // What it said is seen with the next change of the same article: nothing is lost that has to be kept.
          else log.warn({ offset, partition }, 'a change of stock could not be read');
        }
        const all = [...skus];
        for (let at = 0; at < all.length; at += LIMITS.alertsBatch) {
          const followed = await followChanges(options, all.slice(at, at + LIMITS.alertsBatch));
          turned.inc(followed.turned);
          mails.inc(followed.mails);
        }
      },
    });
    onStop('stock-alerts', () => subscription.stop());
  },
} satisfies Worker<'DATABASE_URL' | 'KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX'>;
