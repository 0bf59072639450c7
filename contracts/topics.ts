/** Every Kafka topic, once. Messages are keyed by claim, order or payment, never by drop: a hot drop must not become a hot partition. */
export const TOPICS = [
  'claims.won',
  'claims.released',
  'order.created',
  'order.status',
  'payment.completed',
  'payment.failed',
  'inventory.updated',
  'notification.email',
  'analytics.event',
  'cache.invalidate',
] as const;

export type Topic = (typeof TOPICS)[number];

/** Where a message goes that cannot be understood, with the reason in its headers. */
export type DeadLetterTopic = `${Topic}.dlq`;

export function deadLetterTopic(topic: Topic): DeadLetterTopic {
  return `${topic}.dlq`;
}

/** The name a broker knows: a prefix keeps installations and tests on one broker apart. */
export function topicName(prefix: string, topic: Topic | DeadLetterTopic): string {
  return `${prefix}${topic}`;
}

export function allTopicNames(prefix: string): { name: string; deadLetter: boolean }[] {
  return TOPICS.flatMap((topic) => [
    { name: topicName(prefix, topic), deadLetter: false },
    { name: topicName(prefix, deadLetterTopic(topic)), deadLetter: true },
  ]);
}
