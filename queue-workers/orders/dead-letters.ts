/** Messages that can never be used, put where somebody can look at them. */
import { deadLetterTopic, type Topic, topicName } from '../../contracts/topics.ts';
import type { Publisher } from '../../platform/connections/kafka.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Unusable } from './read-claims.ts';

export interface DeadLetterOptions {
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly log: Logger;
  readonly metrics: { dead(): void };
}

/** Rejects when Kafka does not take them: the whole batch comes again. */
export async function setAside(topic: Topic, unusable: readonly Unusable[], options: DeadLetterOptions): Promise<void> {
  if (unusable.length === 0) return;
  await options.publisher.publish(
    unusable.map(({ message, problem, reason }) => ({
      topic: topicName(options.topicPrefix, deadLetterTopic(topic)),
      key: message.key,
      value: message.value,
      headers: { problem, reason, source: `${message.topic}/${message.partition}@${message.offset}` },
    })),
  );
  for (const { message, problem, reason } of unusable) {
    const { partition, offset } = message;
    options.metrics.dead();
    options.log.error({ topic: message.topic, partition, offset, problem, reason }, 'a message was set aside');
  }
}
