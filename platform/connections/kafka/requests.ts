import { PlatformError } from '../../errors.ts';
import { PLATFORM_LIMITS } from '../../limits.ts';
import type { OutgoingMessage } from './types.ts';

export interface TopicMessages {
  readonly topic: string;
  readonly messages: { key: string; value: string; headers?: Record<string, string> }[];
}

/** What a record costs beside its content, at most. */
const RECORD_OVERHEAD_BYTES = 64;

/**
 * The batch as few requests as the brokers take, in order: one, unless it is too large for one. A message that is too
 * large by itself would be refused for ever, so it is refused here, before any of its batch is sent.
 */
export function intoRequests(
  batch: readonly OutgoingMessage[],
  maxBytes: number = PLATFORM_LIMITS.kafkaRequestBytes,
): TopicMessages[][] {
  const requests: OutgoingMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of batch) {
    const size = sizeOf(message);
    if (size > maxBytes) {
      throw new PlatformError(
        'KAFKA_MESSAGE_TOO_LARGE',
        `a message of ${size} bytes for ${message.topic} is over the limit of ${maxBytes}`,
        { retryable: false },
      );
    }
    if (bytes + size > maxBytes) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(message);
    bytes += size;
  }
  return requests.map(byTopic);
}

function byTopic(messages: readonly OutgoingMessage[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, key, value, headers } of messages) {
    let entry = topics.get(topic);
    if (entry === undefined) {
      entry = { topic, messages: [] };
      topics.set(topic, entry);
    }
    entry.messages.push(headers === undefined ? { key, value } : { key, value, headers: { ...headers } });
  }
  return [...topics.values()];
}

function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let bytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + Buffer.byteLength(value);
  if (headers === undefined) return bytes;
  for (const [name, content] of Object.entries(headers)) {
    bytes += 10 + Buffer.byteLength(name) + Buffer.byteLength(content);
  }
  return bytes;
}
