/**
 * What went stale anywhere, from Kafka to the caches of this process. Every store reads all of it, in a group of its own.
 * While Kafka is not there, nobody would tell of a change: entries are then kept for a moment only.
 */
import { decodeEvent } from '../../contracts/events/codec.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import type { Kafka, ReceivedMessage, Subscription } from '../../platform/connections/kafka.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { CATALOG_KINDS, type Catalog } from './catalog.ts';

export interface Hearing {
  /** Whether changes are heard of now. */
  hears(): boolean;
  /** Begins to follow, and goes on trying when Kafka is not there. */
  follow(catalog: Pick<Catalog, 'invalidate' | 'forget'>): void;
  stop(): Promise<void>;
}

export interface HearingOptions {
  readonly kafka: Kafka;
  readonly topicPrefix: string;
  readonly instance: string;
  readonly log: Logger;
}

export function createHearing(options: HearingOptions): Hearing {
  const { kafka, topicPrefix, instance, log } = options;
  let subscription: Subscription | undefined;
  let isThere = false;
  let isStopped = false;
  let work: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function look(catalog: Pick<Catalog, 'invalidate' | 'forget'>): Promise<void> {
    try {
      subscription ??= await kafka.subscribe({
        groupId: `${topicPrefix}store-${instance}`,
        topics: [topicName(topicPrefix, 'cache.invalidate')],
        fromBeginning: false,
        onBatch: async (messages) => {
          for (const message of messages) await hear(message, catalog, log);
        },
      });
      await kafka.check.check();
      // What was said meanwhile may have been missed.
      if (!isThere) catalog.forget();
      isThere = true;
    } catch (error) {
      if (isThere) log.warn({ err: error }, 'Kafka is away: what changes in the catalog shows a moment later');
      isThere = false;
    }
  }

  function lookAgain(catalog: Pick<Catalog, 'invalidate' | 'forget'>): void {
    work = look(catalog).then(() => {
      if (!isStopped) timer = setTimeout(() => lookAgain(catalog), INTERVALS.cacheHearingMs);
    });
  }

  return {
    hears: () => isThere,
    follow: lookAgain,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      // A look that waits for a Kafka that is away ends when its connection is closed.
      if (isThere) await work;
      await subscription?.stop();
    },
  };
}

async function hear(message: ReceivedMessage, catalog: Pick<Catalog, 'invalidate'>, log: Logger): Promise<void> {
  const decoded = decodeEvent('cache.invalidate', message.value);
  if (!decoded.ok) {
    log.warn({ offset: message.offset, partition: message.partition }, 'a message of stale caches could not be read');
    return;
  }
  const { kind, ids } = decoded.event.data;
  const known = CATALOG_KINDS.find((name) => name === kind);
  if (known !== undefined) await catalog.invalidate(known, ids);
}
