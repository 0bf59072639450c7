/** Records of the size of a claim through Kafka: sent with all acks and idempotent, as the relay does, and read again. */
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createClaimSource } from '../../core/sale-data.ts';
import { createLatencies } from '../../crew/histograms.ts';
import { countIn } from './meter.ts';
import type { Consume, Counted, Produce } from './notes.ts';

export const RECORD_BYTES = createClaimSource()().event.length;
/** As many producers as the relay has for four regions, each with one request under way. */
const PRODUCERS = 4;
const RECORDS_A_REQUEST = 2_048;
const FETCH_BYTES = 10 * 1_048_576;
const US_PER_MS = 1_000;

export async function openProducers(order: Produce): Promise<() => Promise<Counted>> {
  const { broker, topic } = order;
  const kafka = clientOf(broker);
  const producers = await Promise.all(
    Array.from({ length: PRODUCERS }, async () => {
      const createPartitioner = Partitioners.DefaultPartitioner;
      const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 5, createPartitioner });
      await producer.connect();
      return producer;
    }),
  );
  const messages = messagesOf();
  return async () => {
    const counted = await countIn(order, (meter) =>
      Promise.all(
        producers.map(async (producer) => {
          while (meter.goesOn) {
            const fromMs = performance.now();
            await producer.send({ topic, acks: -1, messages });
            meter.count(messages.length, performance.now() - fromMs);
          }
        }),
      ),
    );
    await Promise.all(producers.map((producer) => producer.disconnect()));
    return counted;
  };
}

/** Counts from its first fetch on: joining a group takes seconds, and is not what reading costs. */
export async function openConsumer({ broker, topic, records }: Consume): Promise<() => Promise<Counted>> {
  const consumer = clientOf(broker).consumer({ groupId: `${topic}-readers`, maxBytes: FETCH_BYTES });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  return async () => {
    const over = Promise.withResolvers<Counted>();
    let units = 0;
    let from: { readonly atMs: number; readonly cpu: NodeJS.CpuUsage } | undefined;
    consumer.on(consumer.events.FETCH_START, () => {
      from ??= { atMs: performance.now(), cpu: process.cpuUsage() };
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: true,
      eachBatch: async ({ batch }) => {
        units += batch.messages.length;
        if (units < records || from === undefined) return;
        const { user, system } = process.cpuUsage(from.cpu);
        over.resolve({
          units,
          tookMs: performance.now() - from.atMs,
          cpuMs: (user + system) / US_PER_MS,
          histogram: encodeIntoCompressedBase64(createLatencies()),
        });
      },
    });
    const counted = await over.promise;
    await consumer.disconnect();
    return counted;
  };
}

/** Made once: to make them is no cost of sending them. */
function messagesOf(): { key: string; value: string }[] {
  const nextId = createIdSource(systemClock);
  const nextClaim = createClaimSource();
  return Array.from({ length: RECORDS_A_REQUEST }, () => ({ key: nextId(), value: nextClaim().event }));
}

function clientOf(broker: string): Kafka {
  return new Kafka({ clientId: 'limits', brokers: [broker], logLevel: logLevel.NOTHING });
}
