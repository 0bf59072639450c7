/**
 * The bare relay: reads entries, sends the words of each claim as they are, takes the entry out. No event, no schema, no
 * check, no limit of a request, no other consumer that might be dead, no metrics.
 */
import { Redis } from 'ioredis';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { BareRelay } from './notes.ts';

/** 32 entries of 64 claims: about 350 KB a request, well below what a broker takes. */
const ENTRIES = 32;
const BLOCK_MS = 500;

export async function relayBare({ redisUrl, outboxes, broker, topic }: BareRelay): Promise<void> {
  const kafka = new Kafka({ clientId: 'bare', brokers: [broker], logLevel: logLevel.NOTHING });
  await Promise.all(outboxes.map((outbox) => relayOne(new Redis(redisUrl), kafka, topic, outbox)));
}

async function relayOne(redis: Redis, kafka: Kafka, topic: string, outbox: string): Promise<never> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 5,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  await redis.xgroup('CREATE', outbox, 'relay', '0', 'MKSTREAM');
  for (;;) {
    const answer = await redis.xreadgroup(
      ...(['GROUP', 'relay', 'bare', 'COUNT', ENTRIES, 'BLOCK', BLOCK_MS, 'STREAMS', outbox, '>'] as const),
    );
    const { ids, messages } = read(answer);
    if (ids.length === 0) continue;
    await producer.send({ topic, acks: -1, messages });
    await redis
      .pipeline()
      .xack(outbox, 'relay', ...ids)
      .xdel(outbox, ...ids)
      .exec();
  }
}

function read(answer: unknown): { ids: string[]; messages: { key: string; value: string }[] } {
  const ids: string[] = [];
  const messages: { key: string; value: string }[] = [];
  const [stream] = listOf(answer);
  for (const entry of listOf(listOf(stream)[1])) {
    const [id, fields] = listOf(entry);
    ids.push(String(id));
    listOf(fields).forEach((words, at) => {
      if (at % 2 === 1) messages.push({ key: String(words).slice(0, 36), value: String(words) });
    });
  }
  return { ids, messages };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
