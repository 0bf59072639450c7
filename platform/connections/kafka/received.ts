import type { ReceivedMessage } from './types.ts';

type HeaderValue = Buffer | string | readonly (Buffer | string)[] | undefined;

/** A message as it comes off the wire. */
export interface RawMessage {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly timestamp: string;
}

export function receive(topic: string, partition: number, message: RawMessage): ReceivedMessage {
  const { offset, key, value, headers = {}, timestamp } = message;
  const texts = Object.entries(headers).map(([name, content]) => [name, textOf(content)] as const);
  return {
    topic,
    partition,
    offset,
    key: key?.toString() ?? '',
    value: value?.toString() ?? '',
    headers: Object.fromEntries(texts),
    timestampMs: Number(timestamp),
  };
}

/** Of a header that was sent several times, the last one. */
function textOf(content: HeaderValue): string {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return Buffer.isBuffer(content) ? content.toString() : (content.at(-1)?.toString() ?? '');
}
