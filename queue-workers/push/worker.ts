import { LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { createPoster } from '../../platform/outgoing/poster.ts';
import { readVapid } from '../../platform/outgoing/vapid.ts';
import type { Worker } from '../worker.ts';
import { takeNotices } from './intake.ts';
import { startPush } from './push.ts';

export const pushWorker = {
  name: 'push',
  variables: ['NODE_ENV', 'DATABASE_URL', 'KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'VAPID_PRIVATE_KEY', 'MAIL_FROM'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const vapid = readVapid(config.VAPID_PRIVATE_KEY);
    if (vapid === undefined) {
      log.info('VAPID_PRIVATE_KEY is not set: no web push');
      return;
    }
    const prefix = config.KAFKA_TOPIC_PREFIX;
    const database = connectPostgres({ url: config.DATABASE_URL, max: 3, name: 'push', log });
    onStop('push: postgres', () => database.end());
    addCheck(postgresCheck(database, 'push: postgres'));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'push', log });
    onStop('push: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'push: kafka' });
    const poster = createPoster({
      isStrict: config.NODE_ENV === 'production',
      deadlineMs: LIMITS.pushDeadlineMs,
      keptBytes: LIMITS.webhookAnswerBytes,
      keptConnections: LIMITS.pushesAtOnce,
    });
    onStop('push: connections', () => poster.close());
    const results = metrics.counter({
      name: 'dropgate_pushes_total',
      help: 'Tries to push a notice by what became of them; gone: the browser has unsubscribed.',
      labels: ['result'],
    });
    const subscription = await kafka.subscribe({
      groupId: `${prefix}push`,
      topics: [topicName(prefix, 'notification.email')],
      fromBeginning: true,
      async onBatch(messages) {
        await takeNotices({ database, clock, log }, messages);
      },
    });
    onStop('push: notices', () => subscription.stop());
    const push = startPush({
      ...{ database, poster, clock, log, vapid, subject: `mailto:${addressOf(config.MAIL_FROM)}` },
      metrics: { counted: (result) => results.inc({ result }) },
    });
    onStop('push', () => push.stop());
  },
} satisfies Worker<
  'NODE_ENV' | 'DATABASE_URL' | 'KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX' | 'VAPID_PRIVATE_KEY' | 'MAIL_FROM'
>;

/** `notices@shop.example` of `Shop <notices@shop.example>`. */
function addressOf(from: string): string {
  return from.replace(/^.*</, '').replace(/>$/, '');
}
