/**
 * From the transactional outbox in PostgreSQL to Kafka: events that were written with the rows they speak of. A batch is
 * published inside the transaction that removes it, so a crash in between publishes it again and loses nothing.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { TOPICS, topicName } from '../../contracts/topics.ts';
import { type OutboxRow, takeOutbox } from '../../db/queries/take-outbox.ts';
import type { OutgoingMessage, Publisher } from '../../platform/connections/kafka.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { NO_TRACING, type Tracing } from '../../platform/tracing/tracing.ts';

export interface OutboxOptions {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly log: Logger;
  readonly metrics: { published(count: number): void; failed(): void };
  readonly tracing?: Tracing;
}

/** Their key is the order. */
const OF_ORDERS = /^(?:order|payment)\./;

export function startOutbox(options: OutboxOptions): { stop(): Promise<void> } {
  const { database, publisher, log, metrics, tracing = NO_TRACING } = options;
  const stopping = new AbortController();

  async function publishBatch(): Promise<number> {
    return await withTransaction(database, async (client) => {
      const rows = await takeOutbox(client, LIMITS.outboxBatch);
      const fromMs = Date.now();
      if (rows.length > 0) await publisher.publish(rows.map((row) => messageOf(row, options.topicPrefix)));
      for (const { key, topic } of rows) {
        if (OF_ORDERS.test(topic) && tracing.follows(key))
          tracing.step(key, `told: ${topic}`, { fromMs, untilMs: Date.now() });
      }
      return rows.length;
    });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const count = await publishBatch();
        metrics.published(count);
        if (count > 0) continue;
      } catch (error) {
        metrics.failed();
        log.warn({ err: error }, 'the outbox could not be published, trying again');
      }
      await delay(INTERVALS.outboxPollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function messageOf({ topic, key, payload }: OutboxRow, prefix: string): OutgoingMessage {
  const known = TOPICS.find((name) => name === topic);
  // The schema's check allows no other topic: whoever changes one of them changes both.
  if (known === undefined) throw new Error(`The outbox has an event for ${topic}, which is no topic.`);
  return { topic: topicName(prefix, known), key, value: payload };
}
