import { decodeEvent } from '../../contracts/events/codec.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { repeatWork } from '../repeat.ts';
import type { Worker } from '../worker.ts';
import { endOldFlags, lookAtDevices, lookAtPayments } from './risk.ts';

const KINDS = ['devices', 'ended'] as const;

export const riskWorker = {
  name: 'risk',
  variables: ['DATABASE_URL', 'KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const prefix = config.KAFKA_TOPIC_PREFIX;
    const database = connectPostgres({ url: config.DATABASE_URL, max: 1, name: 'risk', log });
    onStop('risk: postgres', () => database.end());
    addCheck(postgresCheck(database, 'risk: postgres'));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'risk', log });
    onStop('risk: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'risk: kafka' });

    const flagged = metrics.counter({
      name: 'dropgate_risk_flagged_total',
      help: 'Shoppers whose device became suspicious, by what it was found in.',
      labels: ['found_in'],
    });
    const failures = metrics.counter({ name: 'dropgate_risk_failures_total', help: 'Looks that failed.' });
    const options = { database, clock };
    const repeated = repeatWork({
      everyMs: INTERVALS.riskLookMs,
      kinds: KINDS,
      most: LIMITS.pruneBatch,
      async work(kind) {
        if (kind === 'ended') return await endOldFlags(options);
        flagged.inc({ found_in: 'sessions' }, await lookAtDevices(options));
        // What is new was looked at whole.
        return 0;
      },
      failed(error, kind) {
        failures.inc();
        log.warn({ err: error, kind }, 'what makes devices suspicious could not be looked for');
      },
    });
    onStop('risk', () => repeated.stop());
    const subscription = await kafka.subscribe({
      groupId: `${prefix}risk`,
      topics: [topicName(prefix, 'payment.failed')],
      fromBeginning: true,
      maxBatch: LIMITS.paymentsBatch,
      async onBatch(messages) {
        const orderIds = messages.flatMap(({ value }) => {
          const decoded = decodeEvent('payment.failed', value);
          // One that cannot be read is a hint less; the next of the same shopper counts them all.
          return decoded.ok ? [decoded.event.data.orderId] : [];
        });
        flagged.inc({ found_in: 'payments' }, await lookAtPayments(options, orderIds));
      },
    });
    onStop('risk: payments', () => subscription.stop());
  },
} satisfies Worker<'DATABASE_URL' | 'KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX'>;
