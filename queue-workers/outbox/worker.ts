import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { startOutbox } from './outbox.ts';

export const outboxWorker = {
  name: 'outbox',
  variables: ['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'DATABASE_URL'],
  async start({ config, log, metrics, tracing, onStop, addCheck }) {
    // One connection: batches are taken one after the other, in the order they were written.
    const database = connectPostgres({ url: config.DATABASE_URL, max: 2, name: 'outbox', log });
    onStop('outbox: postgres', () => database.end());
    addCheck(postgresCheck(database, 'outbox: postgres'));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'outbox', log });
    onStop('outbox: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'outbox: kafka' });
    const publisher = await kafka.createPublisher();
    onStop('outbox: publisher', () => publisher.close());

    const published = metrics.counter({ name: 'dropgate_outbox_events_total', help: 'Events that Kafka has taken.' });
    const failures = metrics.counter({ name: 'dropgate_outbox_failures_total', help: 'Tries that failed.' });
    const outbox = startOutbox({
      database,
      publisher,
      topicPrefix: config.KAFKA_TOPIC_PREFIX,
      log,
      tracing,
      metrics: { published: (count) => published.inc(count), failed: () => failures.inc() },
    });
    onStop('outbox', () => outbox.stop());
  },
} satisfies Worker<'KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX' | 'DATABASE_URL'>;
