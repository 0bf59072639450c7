import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { createAnalytics } from '../../db/analytics/create.ts';
import { forgetEvents } from '../../db/queries/figures/offsets.ts';
import { forgetSketches } from '../../db/queries/figures/sketches.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { repeat } from '../repeat.ts';
import type { Worker } from '../worker.ts';
import { countBatch } from './count-batch.ts';

type Needed = 'DATABASE_URL' | 'KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX' | 'ANALYTICS_URL';

export const analyticsWorker = {
  name: 'analytics',
  variables: ['DATABASE_URL', 'KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'ANALYTICS_URL'],
  async start({ config, log, clock, metrics, onStop, addCheck }) {
    const prefix = config.KAFKA_TOPIC_PREFIX;
    const database = connectPostgres({ url: config.DATABASE_URL, max: 2, name: 'analytics', log });
    onStop('analytics: postgres', () => database.end());
    addCheck(postgresCheck(database, 'analytics: postgres'));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'analytics', log });
    onStop('analytics: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'analytics: kafka' });

    const store = createAnalytics(config.ANALYTICS_URL, database);
    const counted = metrics.counter({ name: 'dropgate_figures_counted_total', help: 'Events that are in the sums.' });
    const passedOver = metrics.counter({
      ...{
        name: 'dropgate_figures_passed_over_total',
        help: 'Events that are not in the sums, and why.',
        labels: ['why'],
      },
    });
    const failed = metrics.counter({
      ...{
        name: 'dropgate_figures_failed_total',
        help: 'Work on sums that failed and is tried again.',
        labels: ['work'],
      },
    });
    const counter = {
      ...{ database, store, clock, nextId: createIdSource(clock), merchants: new Map<string, string>() },
      metrics: {
        counted: (count: number) => counted.inc(count),
        passedOver: (why: string, count: number) => passedOver.inc({ why }, count),
      },
    };
    // What an earlier process had counted and not sent goes first, and the months that are needed are there.
    const maintenance = repeat({
      everyMs: INTERVALS.figuresMaintainMs,
      async look() {
        const nowMs = clock.now();
        await store.maintain(nowMs, nowMs - LIFETIMES.figuresKeptMs);
        await store.flush();
        await forgetSketches(database, nowMs - LIFETIMES.figuresKeptMs);
        for (let round = 0; round < LIMITS.pruneRounds; round += 1) {
          const forgotten = await forgetEvents(database, nowMs - LIFETIMES.figuresCountedMs, LIMITS.pruneBatch);
          if (forgotten < LIMITS.pruneBatch) break;
        }
      },
      failed(error) {
        failed.inc({ work: 'maintain' });
        log.error({ err: error }, 'the sums of figures could not be tidied');
      },
    });
    onStop('analytics: maintenance', () => maintenance.stop());
    const subscription = await kafka.subscribe({
      ...{ groupId: `${prefix}analytics`, topics: [topicName(prefix, 'analytics.event')], fromBeginning: true },
      maxBatch: LIMITS.figuresCounted,
      async onBatch(messages) {
        await countBatch(counter, messages);
        await store.flush().catch((error: unknown) => {
          // It is counted: what waits goes with the next batch.
          failed.inc({ work: 'flush' });
          log.warn({ err: error }, 'sums wait for the database of figures');
        });
      },
    });
    onStop('analytics', () => subscription.stop());
  },
} satisfies Worker<Needed>;
