import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeOfId } from '../../contracts/ids.ts';
import { topicName } from '../../contracts/topics.ts';
import { connectKafka, type Kafka, type OutgoingMessage, type Publisher } from '../../platform/connections/kafka.ts';
import { closeRedis, connectRedis, type Redis } from '../../platform/connections/redis.ts';
import { liveDrop, newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { collectTopic } from '../../test/servers/collect-topic.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { gatherPublishes } from './gather.ts';
import { startRelay } from './relay.ts';
import { createOutboxStreams } from './stream.ts';

const server = useRedis();
const kafkaServer = useKafka();
let redis: Redis;
let reader: Redis;
let kafka: Kafka;
let published: Awaited<ReturnType<typeof collectTopic>>;
let dead: Awaited<ReturnType<typeof collectTopic>>;

beforeAll(async () => {
  redis = await connectRedis({ url: server.url, name: 'test', log: silentLog });
  reader = await connectRedis({ url: server.url, name: 'test', log: silentLog });
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  published = await collectTopic(kafka, topicName(kafkaServer.topicPrefix, 'claims.won'));
  dead = await collectTopic(kafka, topicName(kafkaServer.topicPrefix, 'claims.won.dlq'));
});
afterAll(async () => {
  await kafka.close();
  await Promise.all([closeRedis(redis), closeRedis(reader)]);
});

const drop = liveDrop(Date.now());

/** A claim in the words of the script, and the event that it has to become. */
function wonWords(payment: string | null = newId()) {
  const [claimId, shopperId] = [newId(), newId()];
  const claimedAt = timeOfId(claimId);
  const holdUntil = claimedAt + 600_000;
  const data = {
    ...{ claimId, claimedAt, dropId: drop.id, region: 'eu', shopperId, sku: 'SNEAKER-42', key: 'k:1', currency: 'EUR' },
    ...{ quantity: 2, unitPrice: 4_900, holdUntil, title: 'Sneaker 42' },
    payment,
  };
  const text = [claimId, 'SNEAKER-42', 2, shopperId, 'k:1', holdUntil, 4_900, payment].join('|');
  return { claimId, text, event: { type: 'claims.won', v: 2, id: claimId, at: claimedAt, data } };
}

let streams = 0;
const newStream = (): string => `${server.prefix}:outbox-${streams++}`;

async function setup(publisher: Publisher, stream = newStream(), consumer = 'one') {
  const counts = { relayed: 0, dead: 0, failed: 0 };
  const relay = startRelay({
    streams: createOutboxStreams({ reader, writer: redis, consumer }),
    publisher: gatherPublishes(publisher, 40),
    topicPrefix: kafkaServer.topicPrefix,
    log: silentLog,
    metrics: {
      relayed: (count) => {
        counts.relayed += count;
      },
      dead: () => {
        counts.dead += 1;
      },
      failed: () => {
        counts.failed += 1;
      },
    },
    outboxes: async () => [{ stream, drop, region: 'eu' }],
  });
  const append = (...claims: string[]) => redis.xadd(stream, '*', ...claims.flatMap((words) => ['won', words]));
  const drained = () =>
    eventually(async () => (await redis.xlen(stream)) === 0 && (await pending(stream)) === 0, { withinMs: 10_000 });
  return { relay, stream, counts, append, drained };
}

async function pending(stream: string): Promise<number> {
  const [count] = await redis.xpending(stream, 'relay');
  return Number(count);
}

describe('the relay', () => {
  it('brings each entry to Kafka under its claim id, and removes it only then', async () => {
    const { relay, append, drained, counts } = await setup(await kafka.createPublisher());
    const events = Array.from({ length: 250 }, () => wonWords());
    // As the script writes them: those of a call in one entry.
    for (let at = 0; at < events.length; at += 50) await append(...events.slice(at, at + 50).map(({ text }) => text));
    await drained();
    await relay.stop();
    for (const { claimId, event } of events)
      expect(JSON.parse((await published.withKey(claimId)).value)).toEqual(event);
    expect(counts).toEqual({ relayed: 5, dead: 0, failed: 0 });
  });

  it('understands entries of claims that named no payment method, and of those that could not yet', async () => {
    const { relay, append, drained, counts } = await setup(await kafka.createPublisher());
    const [without, before] = [wonWords(null), wonWords(null)];
    await append(without.text, before.text.replace(/\|$/, ''));
    await drained();
    await relay.stop();
    for (const { claimId, event } of [without, before])
      expect(JSON.parse((await published.withKey(claimId)).value)).toEqual(event);
    expect(counts).toEqual({ relayed: 1, dead: 0, failed: 0 });
  });

  it('publishes the same entries again after a publish whose outcome is unknown', async () => {
    const real = await kafka.createPublisher();
    const tries: (readonly OutgoingMessage[])[] = [];
    const flaky: Publisher = {
      async publish(batch) {
        tries.push(batch);
        await real.publish(batch);
        if (tries.length === 1) throw new Error('timed out');
      },
      close: () => real.close(),
    };
    const { relay, append, drained, counts } = await setup(flaky);
    const event = wonWords();
    await append(event.text);
    await drained();
    await relay.stop();
    expect(tries.length).toBe(2);
    expect(tries[1]).toEqual(tries[0]);
    expect(counts).toMatchObject({ relayed: 1, failed: 1 });
    expect(await published.countOf(event.claimId, 2)).toBe(2);
  });

  it('publishes much in parts, and takes out of the stream only what is published', async () => {
    const real = await kafka.createPublisher();
    const stream = newStream();
    const parts: { messages: number; inStream: number }[] = [];
    const watched: Publisher = {
      async publish(batch) {
        parts.push({ messages: batch.length, inStream: await redis.xlen(stream) });
        await real.publish(batch);
      },
      close: () => real.close(),
    };
    const [entries, each] = [40, 100];
    const events = Array.from({ length: entries * each }, () => wonWords());
    for (let at = 0; at < events.length; at += each) {
      await redis.xadd(stream, '*', ...events.slice(at, at + each).flatMap(({ text }) => ['won', text]));
    }
    const { relay, drained, counts } = await setup(watched, stream);
    await drained();
    await relay.stop();
    expect(counts).toEqual({ relayed: entries, dead: 0, failed: 0 });
    expect(parts.map(({ messages }) => messages)).toEqual([1_500, 1_500, 1_000]);
    let published = 0;
    for (const { messages, inStream } of parts) {
      expect(inStream).toBeGreaterThanOrEqual(entries - published / each);
      published += messages;
    }
  });

  it('publishes again only what had not left the stream', async () => {
    const real = await kafka.createPublisher();
    const stream = newStream();
    const sizes: number[] = [];
    const flaky: Publisher = {
      async publish(batch) {
        sizes.push(batch.length);
        if (sizes.length === 2) throw new Error('no broker');
        await real.publish(batch);
      },
      close: () => real.close(),
    };
    const each = 1_000;
    for (let at = 0; at < 3; at += 1) {
      const words = Array.from({ length: each }, () => ['won', wonWords().text]);
      await redis.xadd(stream, '*', ...words.flat());
    }
    const { relay, drained, counts } = await setup(flaky, stream);
    await drained();
    await relay.stop();
    expect(sizes).toEqual([each, each, each, each]);
    expect(counts).toEqual({ relayed: 3, dead: 0, failed: 1 });
  });

  it('finishes first what it had taken before it died', async () => {
    const stream = newStream();
    const taken = createOutboxStreams({ reader, writer: redis, consumer: 'one' });
    await taken.prepare(stream);
    const event = wonWords();
    await redis.xadd(stream, '*', 'won', event.text);
    expect(await taken.next([stream], 10, 10)).toHaveLength(1);
    const { relay, drained } = await setup(await kafka.createPublisher(), stream);
    await drained();
    await relay.stop();
    expect(JSON.parse((await published.withKey(event.claimId)).value)).toEqual(event.event);
  });

  it('takes over what another consumer took and left', async () => {
    const stream = newStream();
    const other = createOutboxStreams({ reader, writer: redis, consumer: 'dead' });
    await other.prepare(stream);
    await redis.xadd(stream, '*', 'won', wonWords().text);
    expect(await other.next([stream], 10, 10)).toHaveLength(1);
    const mine = createOutboxStreams({ reader, writer: redis, consumer: 'one' });
    expect(await mine.own(stream, 10)).toEqual([]);
    expect(await mine.takeOver(stream, 60_000, 10)).toEqual([]);
    expect(await mine.takeOver(stream, 0, 10)).toHaveLength(1);
    expect(await mine.own(stream, 10)).toHaveLength(1);
  });

  it('tells of holds that ended without a sale, many in one entry', async () => {
    const released = await collectTopic(kafka, topicName(kafkaServer.topicPrefix, 'claims.released'));
    const { relay, stream, drained, counts } = await setup(await kafka.createPublisher());
    const shopperId = newId();
    const [one, two] = [newId(), newId()];
    const words = (claimId: string, quantity: number) => `${claimId}|SKU-1|${quantity}|${shopperId}|expired`;
    await redis.xadd(stream, '*', 'released', words(one, 1), 'released', words(two, 2));
    await drained();
    await relay.stop();
    const { value } = await released.withKey(two);
    const data = {
      claimId: two,
      dropId: drop.id,
      region: 'eu',
      sku: 'SKU-1',
      quantity: 2,
      shopperId,
      reason: 'expired',
    };
    expect(JSON.parse(value)).toMatchObject({ type: 'claims.released', v: 1, id: two, data });
    expect(await released.countOf(one, 1)).toBe(1);
    expect(counts).toEqual({ relayed: 1, dead: 0, failed: 0 });
  });

  it('sets aside what it cannot read, with the reason, and goes on', async () => {
    const { relay, append, drained, counts, stream } = await setup(await kafka.createPublisher());
    const good = wonWords();
    const id = await append('no claim');
    await append(good.text);
    await drained();
    await relay.stop();
    const letter = await dead.withKey(String(id));
    expect(letter.value).toBe('no claim');
    expect(letter.headers).toMatchObject({ problem: 'NOT_JSON', source: `${stream}@${id}` });
    expect(JSON.parse((await published.withKey(good.claimId)).value)).toEqual(good.event);
    expect(counts).toEqual({ relayed: 2, dead: 1, failed: 0 });
  });
});
