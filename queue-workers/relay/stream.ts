/** The outbox streams of a region as the relay reads them: each entry is handed out, taken over when its reader died, removed when done. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from '../../platform/connections/redis.ts';

export interface OutboxEntry {
  readonly stream: string;
  readonly id: string;
  /** What the script wrote: `won` for each claim, or `released` for each hold that ended without a sale, in words. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface OutboxStreams {
  /** Makes the consumer group of a stream; harmless where it is there. */
  prepare(stream: string): Promise<void>;
  /** What this consumer had taken before it ended. */
  own(stream: string, count: number): Promise<OutboxEntry[]>;
  /** What others took so long ago that they must be dead. */
  takeOver(stream: string, idleMs: number, count: number): Promise<OutboxEntry[]>;
  /** New entries; waits up to blockMs for the first, and with 0 not at all. */
  next(streams: readonly string[], count: number, blockMs: number): Promise<OutboxEntry[]>;
  /** Kafka has them: they leave the stream. */
  done(entries: readonly OutboxEntry[]): Promise<void>;
}

const GROUP = 'relay';
const CLUSTER_POLL_MS = 20;

export function createOutboxStreams(options: { reader: Redis; writer: Redis; consumer: string }): OutboxStreams {
  const { reader, writer, consumer } = options;

  async function nextOfEach(streams: readonly string[], count: number, blockMs: number): Promise<OutboxEntry[]> {
    const read = (stream: string) =>
      reader.xreadgroup('GROUP', GROUP, consumer, 'COUNT', count, 'STREAMS', stream, '>');
    const entries = (await Promise.all(streams.map(read))).flatMap(parseRead);
    if (entries.length === 0 && blockMs > 0) await delay(Math.min(blockMs, CLUSTER_POLL_MS));
    return entries;
  }

  async function finish(groups: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const pipeline = writer.pipeline();
    for (const [stream, ids] of groups) pipeline.xack(stream, GROUP, ...ids).xdel(stream, ...ids);
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
  }

  return {
    async prepare(stream) {
      try {
        await writer.xgroup('CREATE', stream, GROUP, '0', 'MKSTREAM');
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
      }
    },
    async own(stream, count) {
      return parseRead(await reader.xreadgroup('GROUP', GROUP, consumer, 'COUNT', count, 'STREAMS', stream, '0'));
    },
    async takeOver(stream, idleMs, count) {
      const answer: unknown = await writer.xautoclaim(stream, GROUP, consumer, idleMs, '0-0', 'COUNT', count);
      return Array.isArray(answer) ? parseEntries(stream, answer[1]) : [];
    },
    async next(streams, count, blockMs) {
      // The streams of a cluster are slots of their own, and each call and each pipeline is of one slot.
      if (reader.isCluster) return await nextOfEach(streams, count, blockMs);
      const from = [...streams, ...streams.map(() => '>')];
      // Redis takes a block of 0 for one without end.
      return parseRead(
        blockMs === 0
          ? await reader.xreadgroup('GROUP', GROUP, consumer, 'COUNT', count, 'STREAMS', ...from)
          : await reader.xreadgroup('GROUP', GROUP, consumer, 'COUNT', count, 'BLOCK', blockMs, 'STREAMS', ...from),
      );
    },
    async done(entries) {
      const groups = groupByStream(entries);
      await Promise.all(writer.isCluster ? [...groups].map((group) => finish(new Map([group]))) : [finish(groups)]);
    },
  };
}

function groupByStream(entries: readonly OutboxEntry[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { stream, id } of entries) {
    const known = ids.get(stream);
    if (known === undefined) ids.set(stream, [id]);
    else known.push(id);
  }
  return ids;
}

function parseRead(answer: unknown): OutboxEntry[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((perStream: unknown) =>
    Array.isArray(perStream) ? parseEntries(String(perStream[0]), perStream[1]) : [],
  );
}

/** An entry that was deleted while it was pending comes without fields: there is nothing left to publish. */
function parseEntries(stream: string, entries: unknown): OutboxEntry[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    const [id, flat]: unknown[] = Array.isArray(entry) ? entry : [];
    return typeof id === 'string' ? [{ stream, id, fields: pairs(Array.isArray(flat) ? flat : []) }] : [];
  });
}

function pairs(flat: readonly unknown[]): { name: string; value: string }[] {
  return Array.from({ length: flat.length / 2 }, (_, at) => ({
    name: String(flat[2 * at]),
    value: String(flat[2 * at + 1]),
  }));
}
