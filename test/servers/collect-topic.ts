import type { Kafka, ReceivedMessage } from '../../platform/connections/kafka.ts';
import { eventually } from './eventually.ts';

export interface CollectedTopic {
  /** The first message with this key, once it is there. */
  withKey(key: string): Promise<ReceivedMessage>;
  /** How many messages have this key, as soon as there are that many. */
  countOf(key: string, atLeast: number): Promise<number>;
}

const WITHIN_MS = 15_000;

/** Reads a topic from its beginning into memory, for tests to look at; makes it where it is not there. */
export async function collectTopic(kafka: Kafka, topic: string): Promise<CollectedTopic> {
  const messages: ReceivedMessage[] = [];
  await kafka.ensureTopics([{ topic, partitions: 2, replication: 1 }]);
  await kafka.subscribe({
    groupId: `${topic}.collect`,
    topics: [topic],
    fromBeginning: true,
    onBatch: async (batch) => void messages.push(...batch),
  });
  const keyed = (key: string): ReceivedMessage[] => messages.filter((message) => message.key === key);
  return {
    withKey: (key) => eventually(() => keyed(key)[0] ?? false, { withinMs: WITHIN_MS }),
    async countOf(key, atLeast) {
      await eventually(() => keyed(key).length >= atLeast, { withinMs: WITHIN_MS });
      return keyed(key).length;
    },
  };
}
