import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Worker } from '../worker.ts';
import { createMailer } from './mailer.ts';
import { createNoticeSender } from './notices.ts';
import { createPatience } from './patience.ts';
import { startScheduler } from './reminders.ts';
import { unsubscribeLinks } from './unsubscribe-links.ts';

type Variable =
  | ('KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX' | 'DATABASE_URL')
  | ('SMTP_URL' | 'MAIL_FROM' | 'OUTGOING_SECRET' | 'STORE_PUBLIC_URL');

export const notifyWorker = {
  name: 'notify',
  variables: [
    'KAFKA_BROKERS',
    'KAFKA_TOPIC_PREFIX',
    'DATABASE_URL',
    'SMTP_URL',
    'MAIL_FROM',
    'OUTGOING_SECRET',
    'STORE_PUBLIC_URL',
  ],
  async start({ config, log, clock, metrics, stopping, onStop, addCheck }) {
    // A connection for each mail under way, since it is sent inside its transaction, and two for everything else.
    const max = LIMITS.noticesAtOnce + 2;
    const database = connectPostgres({ url: config.DATABASE_URL, max, name: 'notify', log });
    onStop('notify: postgres', () => database.end());
    addCheck(postgresCheck(database, 'notify: postgres'));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'notify', log });
    onStop('notify: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'notify: kafka' });
    const publisher = await kafka.createPublisher();
    onStop('notify: dead letters', () => publisher.close());
    const mailer = createMailer({ url: config.SMTP_URL, from: config.MAIL_FROM, connections: LIMITS.noticesAtOnce });
    onStop('notify: mail server', () => mailer.close());

    const notices = metrics.counter({
      name: 'dropgate_notices_total',
      help: 'Notices by what became of them; later: the mail server did not take it yet.',
      labels: ['template', 'result'],
    });
    const reminders = metrics.counter({ name: 'dropgate_reminders_told_total', help: 'Reminders of drops.' });
    const pruned = metrics.counter({ name: 'dropgate_notify_pruned_total', help: 'Old rows that were deleted.' });
    const failures = metrics.counter({ name: 'dropgate_reminder_failures_total', help: 'Tries that failed.' });

    const subscription = await kafka.subscribe({
      groupId: `${config.KAFKA_TOPIC_PREFIX}notify`,
      topics: [topicName(config.KAFKA_TOPIC_PREFIX, 'notification.email')],
      fromBeginning: true,
      maxBatch: LIMITS.noticeBatch,
      partitionsAtOnce: LIMITS.noticesAtOnce,
      onBatch: createNoticeSender({
        ...{ database, mailer, publisher, topicPrefix: config.KAFKA_TOPIC_PREFIX, stopping, clock, log },
        sender: { mailDomain: domainOf(config.MAIL_FROM), unsubscribeUrl: unsubscribeLinks(config) },
        patience: createPatience({ forMs: INTERVALS.noticePatienceMs, most: LIMITS.noticesRemembered }),
        metrics: { counted: (template, result) => notices.inc({ template, result }) },
      }),
    });
    onStop('notify', () => subscription.stop());
    const scheduler = startScheduler({
      ...{ database, clock, log, nextId: createIdSource(clock) },
      everyMs: INTERVALS.remindersEveryMs,
      pruneEveryMs: INTERVALS.pruneEveryMs,
      metrics: {
        told: (count) => reminders.inc(count),
        pruned: (count) => pruned.inc(count),
        failed: () => failures.inc(),
      },
    });
    onStop('notify: reminders', () => scheduler.stop());
  },
} satisfies Worker<Variable>;

/** `shop.example` of `Shop <notices@shop.example>`. */
function domainOf(from: string): string {
  return from.replace(/^.*@/, '').replace(/>$/, '');
}
