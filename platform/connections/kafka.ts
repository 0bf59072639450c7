/** The only file that knows kafkajs. What is done about its ways is in kafka/, where another client would find it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EachBatchPayload,
  type KafkaConfig,
  Kafka as KafkaJs,
  logLevel,
  type RetryOptions,
  type TopicOffsets,
} from 'kafkajs';
import type { Backoff } from '../backoff.ts';
import { systemClock } from '../clock.ts';
import { withDeadline } from '../deadline.ts';
import { PlatformError } from '../errors.ts';
import { PLATFORM_LIMITS as L } from '../limits.ts';
import { createReading, rangesOf, untilEnd } from './kafka/browse.ts';
import { type Asking, createKafkaCheck } from './kafka/check.ts';
import { type ClientLogEntry, createClientLog } from './kafka/client-log.ts';
import { createDelivery, type Delivery, type Fetched } from './kafka/deliver.ts';
import { calmIdleQueues } from './kafka/idle-queue.ts';
import { partitionOf } from './kafka/partition.ts';
import { untilItWorks } from './kafka/patience.ts';
import { createPublisher, type Producer } from './kafka/publisher.ts';
import { receive } from './kafka/received.ts';
import { createRounds } from './kafka/rounds.ts';
import { type Member, superviseMember } from './kafka/supervise.ts';
import { createTopics, type TopicAdmin } from './kafka/topics.ts';
import type {
  BrowseOptions,
  Kafka,
  KafkaConnection,
  Publisher,
  ReceivedMessage,
  SubscribeOptions,
  Subscription,
} from './kafka/types.ts';

export type {
  BrowseOptions,
  Kafka,
  KafkaConnection,
  OutgoingMessage,
  Publisher,
  ReceivedMessage,
  SubscribeOptions,
  Subscription,
  TopicSpec,
} from './kafka/types.ts';

const RETRY: RetryOptions = {
  retries: L.kafkaRetries,
  initialRetryTime: L.kafkaRetryMinMs,
  maxRetryTime: L.kafkaRetryMaxMs,
  // A consumer that ended is replaced by kafka/supervise.ts: one that kafkajs restarts cannot be stopped at any time.
  restartOnFailure: async () => false,
};

const BACKOFF: Backoff = { minMs: L.kafkaRetryMinMs, maxMs: L.kafkaRejoinMaxMs };

type Client = (more?: Partial<KafkaConfig>) => KafkaJs;

/** Connects when something is first asked of it. */
export function connectKafka(connection: KafkaConnection): Kafka {
  const { brokers, clientId, log, firstConnectionMs = L.kafkaFirstConnectionMs } = connection;
  const { requestTimeoutMs: requestTimeout = L.kafkaRequestTimeoutMs, publishTimeoutMs = L.kafkaPublishMs } =
    connection;
  calmIdleQueues();
  const tell = createClientLog(log, systemClock);
  // kafkajs shares committed offsets between the consumers of one client, so each part has a client of its own.
  const client: Client = (more) =>
    new KafkaJs({
      clientId,
      brokers: [...brokers],
      connectionTimeout: L.kafkaConnectTimeoutMs,
      requestTimeout,
      retry: RETRY,
      logLevel: logLevel.INFO,
      logCreator:
        () =>
        ({ level, namespace, log: { message, timestamp: _, ...fields } }) =>
          tell({ severity: severityOf(level), namespace, message, fields }),
      ...more,
    });
  const open = new Set<{ close(): Promise<void> }>();
  // For a check the first answer counts.
  const forCheck = { requestTimeout: L.kafkaCheckMs, retry: { ...RETRY, retries: 0 } };
  const check = createKafkaCheck(() => openAsking(client(forCheck)));
  const unreachable = (cause: unknown) =>
    new PlatformError('KAFKA_UNREACHABLE', `Kafka at ${brokers.join(', ')} cannot be used: ${messageOf(cause)}`, {
      retryable: true,
      cause,
    });

  return {
    async createPublisher() {
      const openOne = () => openProducer(client(), Math.min(L.kafkaAckTimeoutMs, requestTimeout), unreachable);
      const first = await untilItWorks(openOne, firstConnectionMs, BACKOFF);
      return closedOnce(createPublisher({ first, open: openOne, log, publishMs: publishTimeoutMs }), open);
    },
    async subscribe(options) {
      const subscription = await subscribe(client, options, log);
      const closing = { close: () => subscription.stop() };
      open.add(closing);
      return {
        async stop() {
          open.delete(closing);
          await subscription.stop();
        },
      };
    },
    async ensureTopics(topics) {
      const attempt = () => withAdmin(client(), unreachable, (admin) => createTopics(admin, topics, log));
      return await untilItWorks(attempt, firstConnectionMs, BACKOFF);
    },
    lag: (groupId, topic) => committedLag(client(), unreachable, groupId, topic),
    browse: (options) => browse(client(), clientId, unreachable, options),
    check,
    async close() {
      const closing = [...open, check];
      open.clear();
      await Promise.all(closing.map((part) => part.close()));
    },
  };
}

function closedOnce(publisher: Publisher, open: Set<{ close(): Promise<void> }>): Publisher {
  open.add(publisher);
  return {
    publish: (batch) => publisher.publish(batch),
    async close() {
      open.delete(publisher);
      await publisher.close();
    },
  };
}

async function openProducer(
  client: KafkaJs,
  timeout: number,
  unreachable: (cause: unknown) => Error,
): Promise<Producer> {
  const producer = client.producer({
    idempotent: true,
    maxInFlightRequests: 5,
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ message: { key }, partitionMetadata }) =>
        partitionOf(Buffer.from(key ?? ''), partitionMetadata.length),
  });
  try {
    await producer.connect();
  } catch (cause) {
    await producer.disconnect();
    throw unreachable(cause);
  }
  return {
    async send(request) {
      await producer.sendBatch({ acks: -1, timeout, topicMessages: [...request] });
    },
    close: () => producer.disconnect(),
  };
}

async function subscribe(client: Client, options: SubscribeOptions, log: SubscribeLog): Promise<Subscription> {
  const stopping = new AbortController();
  const delivery = createDelivery({
    onBatch: options.onBatch,
    maxBatch: options.maxBatch ?? L.kafkaMaxBatch,
    heartbeatMs: L.kafkaHeartbeatMs,
    backoff: { minMs: L.kafkaRedeliverMinMs, maxMs: L.kafkaRedeliverMaxMs },
    commitAttempts: L.kafkaCommitAttempts,
    log,
  });
  return await superviseMember({
    groupId: options.groupId,
    open: () => openMember(client(), options, delivery, stopping.signal),
    stopping,
    firstJoinMs: L.kafkaFirstJoinMs,
    backoff: BACKOFF,
    log,
  });
}

type SubscribeLog = KafkaConnection['log'];

function openMember(client: KafkaJs, options: SubscribeOptions, delivery: Delivery, stopping: AbortSignal): Member {
  const { groupId, topics, fromBeginning } = options;
  const take = createRounds({
    delivery,
    maxBatch: options.maxBatch ?? L.kafkaMaxBatch,
    atOnce: options.partitionsAtOnce ?? 1,
    isMixed: options.isMixed ?? false,
    fewMessages: L.kafkaFewMessages,
    gatherMs: options.gatherMs ?? L.kafkaGatherMs,
    stopping,
  });
  const consumer = client.consumer({
    groupId,
    sessionTimeout: L.kafkaSessionMs,
    rebalanceTimeout: L.kafkaRebalanceMs,
    heartbeatInterval: L.kafkaHeartbeatMs,
    maxWaitTimeInMs: L.kafkaFetchWaitMs,
    maxBytesPerPartition: L.kafkaFetchBytesPerPartition,
    maxBytes: L.kafkaFetchBytes,
    allowAutoTopicCreation: false,
  });
  const crashed = Promise.withResolvers<unknown>();
  const joined = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => crashed.resolve(payload.error));
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve());
  let joining: Promise<void> = Promise.resolve();

  async function join(): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All of them at once, so that what one fetch brings is seen together: how many are handled at once is for the rounds.
      partitionsConsumedConcurrently: L.kafkaPartitionsOfRound,
      eachBatch: (payload) => take(fetchedFrom(payload, stopping)),
    });
    // run() resolves as well when it failed, and tells that as a crash only.
    await Promise.race([joined.promise, crashed.promise.then((error) => Promise.reject(error))]);
  }

  return {
    join() {
      joining = join();
      return joining;
    },
    crashed: crashed.promise,
    async leave() {
      await consumer.disconnect();
      // A join that was under way may have connected behind the back of the first disconnect.
      await withDeadline(joining, L.kafkaRequestTimeoutMs, 'an abandoned join').catch(() => undefined);
      await consumer.disconnect();
    },
  };
}

function fetchedFrom(payload: EachBatchPayload, stopping: AbortSignal): Fetched {
  const { batch } = payload;
  const { topic, partition } = batch;
  return {
    topic,
    partition,
    count: batch.messages.length,
    read: (from, to) => batch.messages.slice(from, to).map((message) => receive(topic, partition, message)),
    heartbeat: () => payload.heartbeat(),
    moveTo: (message) => payload.resolveOffset(message.offset),
    async commitThrough(lasts) {
      await payload.commitOffsetsIfNecessary({ topics: offsetsBehind(lasts) });
    },
    holdFor(ms) {
      const resume = payload.pause();
      // Stopped meanwhile: there is nothing left to resume.
      delay(ms, undefined, { signal: stopping }).then(resume, () => undefined);
    },
    isCurrent: () => payload.isRunning() && !payload.isStale(),
  };
}

function offsetsBehind(lasts: readonly ReceivedMessage[]): TopicOffsets[] {
  const topics = new Map<string, TopicOffsets>();
  for (const { topic, partition, offset } of lasts) {
    const behind = { partition, offset: (BigInt(offset) + 1n).toString() };
    const known = topics.get(topic);
    if (known === undefined) topics.set(topic, { topic, partitions: [behind] });
    else known.partitions.push(behind);
  }
  return [...topics.values()];
}

async function openAsking(client: KafkaJs): Promise<Asking> {
  const admin = client.admin();
  try {
    await admin.connect();
  } catch (error) {
    await admin.disconnect();
    throw error;
  }
  return { ask: () => admin.describeCluster(), close: () => admin.disconnect() };
}

async function withAdmin<T>(
  client: KafkaJs,
  unreachable: (cause: unknown) => Error,
  use: (admin: TopicAdmin) => Promise<T>,
): Promise<T> {
  const admin = client.admin();
  try {
    await admin.connect().catch((cause: unknown) => Promise.reject(unreachable(cause)));
    return await use({
      async partitionsOf() {
        const { topics } = await admin.fetchTopicMetadata();
        const led = (partitions: readonly { leader: number }[]) =>
          partitions.filter(({ leader }) => leader >= 0).length;
        return new Map(topics.map(({ name, partitions }) => [name, led(partitions)]));
      },
      create: (topics) =>
        admin.createTopics({
          // kafkajs's own wait fails with whatever a broker says that does not know the new partitions yet.
          waitForLeaders: false,
          timeout: L.kafkaTopicsMs,
          topics: topics.map(({ topic, partitions, replication }) => ({
            topic,
            numPartitions: partitions,
            replicationFactor: replication,
          })),
        }),
    });
  } finally {
    await admin.disconnect();
  }
}

async function committedLag(
  client: KafkaJs,
  unreachable: (cause: unknown) => Error,
  groupId: string,
  topic: string,
): Promise<number> {
  const admin = client.admin();
  try {
    await admin.connect().catch((cause: unknown) => Promise.reject(unreachable(cause)));
    const [ends, groups] = await Promise.all([
      admin.fetchTopicOffsets(topic),
      admin.fetchOffsets({ groupId, topics: [topic] }),
    ]);
    const offsets = groups.flatMap(({ partitions }) => partitions);
    const committed = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
    // A group that never committed is told as -1: it still has everything before it.
    return ends.reduce((sum, { partition, high, low }) => {
      return sum + Math.max(0, Number(high) - Math.max(Number(low), committed.get(partition) ?? -1));
    }, 0);
  } finally {
    await admin.disconnect();
  }
}

async function browse(
  client: KafkaJs,
  clientId: string,
  unreachable: (cause: unknown) => Error,
  { topics, at, visit, most }: BrowseOptions,
): Promise<{ there: number; read: number }> {
  const admin = client.admin();
  try {
    await admin.connect().catch((cause: unknown) => Promise.reject(unreachable(cause)));
    const ranges = await rangesOf(admin, topics, at);
    const there = Number(ranges.reduce((sum, { from, to }) => sum + (to - from), 0n));
    const reading = createReading(ranges, visit, most);
    if (there === 0 || most <= 0) return { there, read: 0 };
    // kafkajs reads only as a member of a group. This one commits nothing and ends with the reading.
    const groupId = `${clientId}.browse.${randomUUID()}`;
    const consumer = client.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: L.kafkaFetchWaitMs });
    const crashed = Promise.withResolvers<never>();
    consumer.on(consumer.events.CRASH, ({ payload }) => crashed.reject(payload.error));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...new Set(ranges.map(({ topic }) => topic))], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        async eachBatch({ batch: { topic, partition, messages } }) {
          const isOver = reading.take(messages.map((message) => receive(topic, partition, message)));
          if (isOver) consumer.pause([{ topic, partitions: [partition] }]);
        },
      });
      // Everything is read from its beginning anyway.
      for (const { topic, partition, from } of at === undefined ? [] : ranges) {
        consumer.seek({ topic, partition, offset: from.toString() });
      }
      await Promise.race([untilEnd(reading, L.kafkaBrowseQuietMs), crashed.promise]);
    } finally {
      await consumer.disconnect();
      // What is left of it is only its name, which Kafka forgets by itself after some days.
      await admin.deleteGroups([groupId]).catch(() => undefined);
    }
    return { there, read: reading.read };
  } finally {
    await admin.disconnect();
  }
}

function severityOf(level: logLevel): ClientLogEntry['severity'] {
  if (level === logLevel.ERROR) return 'error';
  if (level === logLevel.WARN) return 'warn';
  return level === logLevel.INFO ? 'info' : 'debug';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
