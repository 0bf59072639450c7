import { allTopicNames } from '../../contracts/topics.ts';
import type { Config } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import type { Logger } from '../../platform/logging/logger.ts';

/** Makes the topics that are not there yet and leaves the others as they are. */
export async function makeTopics(
  config: Config<'KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX' | 'KAFKA_PARTITIONS' | 'KAFKA_REPLICATION'>,
  log: Logger,
): Promise<{ created: readonly string[]; all: number }> {
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'dropgate-topics', log });
  try {
    const topics = allTopicNames(config.KAFKA_TOPIC_PREFIX).map(({ name, deadLetter }) => ({
      topic: name,
      // Dead letters are few, and read in the order in which they came.
      partitions: deadLetter ? 1 : config.KAFKA_PARTITIONS,
      replication: config.KAFKA_REPLICATION,
    }));
    const { created } = await kafka.ensureTopics(topics);
    return { created, all: topics.length };
  } finally {
    await kafka.close();
  }
}
