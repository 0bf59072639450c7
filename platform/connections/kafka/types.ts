/** What Dropgate asks of Kafka, in its own words: the client library behind it can change. */
import type { Check } from '../../health.ts';
import type { Logger } from '../../logging/logger.ts';

export interface KafkaConnection {
  /** `host:port` of one broker or more. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: Logger;
  /** How long a broker may take to answer, and a publish with all its tries; platform/limits.ts unless given. */
  readonly requestTimeoutMs?: number;
  readonly publishTimeoutMs?: number;
  /** How long the first connection may take, tries included. */
  readonly firstConnectionMs?: number;
}

export interface OutgoingMessage {
  readonly topic: string;
  /** Chooses the partition: the same key, the same partition, in order. */
  readonly key: string;
  readonly value: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Publisher {
  /**
   * Resolves once Kafka has the whole batch on every replica that is in sync. A rejection with KAFKA_OUTCOME_UNKNOWN
   * means that all, some or none of it may be there: publish the same messages again, never take it for "not sent".
   * Batches are sent one after the other; a second publisher is a second lane.
   */
  publish(batch: readonly OutgoingMessage[]): Promise<void>;
  /** Sends what was accepted, then disconnects. */
  close(): Promise<void>;
}

export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Empty when the message has none. */
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampMs: number;
}

export interface SubscribeOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  /**
   * Where a group without committed offsets begins. With false, what is published before the first commit of a partition
   * may be missed: only for what may be missed.
   */
  readonly fromBeginning: boolean;
  /**
   * Gets messages of one partition, in order; with `isMixed` of several, in the order of each. Their offsets are committed
   * once it resolves; when it rejects, they come again after a back-off, for as long as it takes, while the other partitions
   * go on. At least once: after a crash or a rebalance they come again too, and not always in the same batches.
   */
  readonly onBatch: (messages: readonly ReceivedMessage[]) => Promise<void>;
  readonly maxBatch?: number;
  /** What a fetch brought of several partitions comes in one batch where it fits. */
  readonly isMixed?: boolean;
  /** Batches of different partitions that are under way at once; 1 unless given, so that onBatch never runs twice at a time. */
  readonly partitionsAtOnce?: number;
  /** The least time from a fetch that brought something, but no full batch, to the next; platform/limits.ts unless given. */
  readonly gatherMs?: number;
}

export interface Subscription {
  /** Finishes the batch in hand, commits it, leaves the group. */
  stop(): Promise<void>;
}

export interface BrowseOptions {
  /** Those that there are not have nothing to read. */
  readonly topics: readonly string[];
  /** Only this one message. */
  readonly at?: { readonly partition: number; readonly offset: string };
  /** In the order of each partition. */
  readonly visit: (message: ReceivedMessage) => void;
  /** After so many messages it ends. */
  readonly most: number;
}

export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
}

export interface Kafka {
  createPublisher(): Promise<Publisher>;
  /** Resolves once this process is a member of the group. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Makes the topics that are not there; never changes one that is. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<{ created: string[] }>;
  /** How many messages of a topic a group has not committed yet, over all partitions. */
  lag(groupId: string, topic: string): Promise<number>;
  /** Reads what is there when it is called, outside of every group of ours; says how much there was and was read. */
  browse(options: BrowseOptions): Promise<{ readonly there: number; readonly read: number }>;
  readonly check: Check;
  close(): Promise<void>;
}
