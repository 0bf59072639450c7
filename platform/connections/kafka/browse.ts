/** Which part of which partitions a reading goes through, and when it is at its end. */
import { PlatformError } from '../../errors.ts';
import type { BrowseOptions, ReceivedMessage } from './types.ts';

/** From the first offset to before the last one. */
export interface PartitionRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

export interface Reading {
  /** Takes what was fetched of one partition; true once this partition is at the end of its range. */
  take(messages: readonly ReceivedMessage[]): boolean;
  /** Resolves once all ranges are read, or `most` messages. */
  readonly ended: Promise<void>;
  /** Messages given to the visitor. */
  readonly read: number;
}

export interface OffsetsAdmin {
  listTopics(): Promise<readonly string[]>;
  fetchTopicOffsets(topic: string): Promise<readonly { partition: number; low: string; high: string }[]>;
}

/** What is in the topics at this moment. */
export async function rangesOf(
  admin: OffsetsAdmin,
  topics: readonly string[],
  at: BrowseOptions['at'],
): Promise<PartitionRange[]> {
  const existing = new Set(await admin.listTopics());
  const known = topics.filter((topic) => existing.has(topic));
  const ranges = await Promise.all(
    known.map(async (topic) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.map(({ partition, low, high }) => ({ topic, partition, from: BigInt(low), to: BigInt(high) }));
    }),
  );
  const all = ranges.flat().filter(({ from, to }) => from < to);
  if (at === undefined) return all;
  const offset = BigInt(at.offset);
  return all
    .filter(({ partition, from, to }) => partition === at.partition && from <= offset && offset < to)
    .map((range) => ({ ...range, from: offset, to: offset + 1n }));
}

/** Goes through ranges that were fixed before it began, so that it ends whatever is published meanwhile. */
export function createReading(
  ranges: readonly PartitionRange[],
  visit: (message: ReceivedMessage) => void,
  most: number,
): Reading {
  const open = new Map(ranges.filter(({ from, to }) => from < to).map((range) => [nameOf(range), range]));
  const end = Promise.withResolvers<void>();
  let read = 0;
  if (open.size === 0 || most <= 0) end.resolve();

  function takeOne(message: ReceivedMessage): boolean {
    const range = open.get(nameOf(message));
    if (range === undefined || read >= most) return true;
    const offset = BigInt(message.offset);
    if (offset < range.from) return false;
    if (offset < range.to) {
      visit(message);
      read += 1;
    }
    // What is fetched twice is visited once.
    open.set(nameOf(message), { ...range, from: offset + 1n });
    if (offset + 1n < range.to) return false;
    open.delete(nameOf(message));
    return true;
  }

  return {
    take(messages) {
      let isOver = false;
      for (const message of messages) isOver = takeOne(message);
      if (open.size === 0 || read >= most) end.resolve();
      return isOver;
    },
    ended: end.promise,
    get read() {
      return read;
    },
  };
}

/** Resolves with the reading; rejects when nothing came for so long that nothing more will. */
export async function untilEnd(reading: Reading, quietMs: number): Promise<void> {
  let before = -1;
  const stuck = Promise.withResolvers<never>();
  const timer = setInterval(() => {
    if (reading.read === before) {
      stuck.reject(
        new PlatformError('KAFKA_BROWSE_STUCK', `nothing came for ${quietMs} ms, after ${reading.read} messages`, {
          retryable: true,
        }),
      );
    }
    before = reading.read;
  }, quietMs);
  try {
    await Promise.race([reading.ended, stuck.promise]);
  } finally {
    clearInterval(timer);
  }
}

function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}
