import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIdSource, formatUuidV7 } from '../../contracts/ids.ts';
import { topicName } from '../../contracts/topics.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka, type Kafka, type Publisher, type ReceivedMessage } from '../../platform/connections/kafka.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { wonEvent } from '../../test/fixtures/events.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { type CollectedTopic, collectTopic } from '../../test/servers/collect-topic.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { writeOrders } from './orders.ts';

const database = useDatabase();
const kafkaServer = useKafka();
let kafka: Kafka;
let publisher: Publisher;
let dead: CollectedTopic;
let counts = { written: 0, repeated: 0, dead: 0 };
let offset = 0;

beforeAll(async () => {
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  publisher = await kafka.createPublisher();
  dead = await collectTopic(kafka, topicName(kafkaServer.topicPrefix, 'claims.won.dlq'));
});
afterAll(() => kafka.close());
beforeEach(() => {
  counts = { written: 0, repeated: 0, dead: 0 };
});

const write = (messages: readonly ReceivedMessage[]) =>
  writeOrders(messages, {
    database: database.pool,
    publisher,
    topicPrefix: kafkaServer.topicPrefix,
    nextId: createIdSource(systemClock),
    log: silentLog,
    metrics: {
      written: (count) => {
        counts.written += count;
      },
      repeated: (count) => {
        counts.repeated += count;
      },
      dead: () => {
        counts.dead += 1;
      },
    },
  });

function received(key: string, value: string): ReceivedMessage {
  offset += 1;
  return {
    topic: 'claims.won',
    partition: 0,
    offset: String(offset),
    key,
    value,
    headers: {},
    timestampMs: Date.now(),
  };
}

async function rowsOf(orderId: string): Promise<number[]> {
  const tables = ['orders where id', 'order_items where order_id', 'payments where order_id', 'outbox where key'];
  return await Promise.all(
    tables.map(async (table) => {
      const cast = table.startsWith('outbox') ? '$1' : '$1::uuid';
      const { rows } = await database.pool.query(`select count(*)::int as count from ${table} = ${cast}`, [orderId]);
      return Number(rows[0].count);
    }),
  );
}

describe('the orders worker', () => {
  it('makes one order of a claim, however often it comes', async () => {
    const shopperId = newId();
    const { claimId, text } = wonEvent({ shopperId });
    await write([received(claimId, text), received(claimId, text)]);
    await write([received(claimId, text)]);
    expect(await findOrder(database.pool, claimId)).toMatchObject({
      ...{
        id: claimId,
        source: 'drop',
        region: 'eu',
        shopperId,
        status: 'PENDING',
        totalMinor: 9_800,
        currency: 'EUR',
      },
      items: [{ sku: 'SNEAKER-42', quantity: 2, unitPriceMinor: 4_900 }],
      payments: [{ status: 'PENDING', amountMinor: 9_800 }],
      history: [{ status: 'PENDING' }],
    });
    expect(await rowsOf(claimId)).toEqual([1, 1, 1, 1]);
    expect(counts).toMatchObject({ written: 1, repeated: 2 });
  });

  it('sets aside what cannot be read or written, each with its reason, and writes the rest of the batch', async () => {
    const good = Array.from({ length: 5 }, () => wonEvent());
    const [first, ...others] = good.map(({ claimId, text }) => received(claimId, text));
    if (first === undefined) throw new Error('no events');
    const farAway = formatUuidV7(Date.UTC(2190, 0), crypto.getRandomValues(new Uint8Array(10)));
    const refused = wonEvent({ claimId: farAway });
    const [junk, unknown] = [newId(), newId()];
    await write([
      first,
      received(junk, 'junk'),
      received(farAway, refused.text),
      received(unknown, '{"type":"claims.won","v":3}'),
      ...others,
    ]);
    for (const { claimId } of good) expect(await rowsOf(claimId)).toEqual([1, 1, 1, 1]);
    expect((await dead.withKey(junk)).headers).toMatchObject({ problem: 'NOT_JSON' });
    expect((await dead.withKey(unknown)).headers).toMatchObject({ problem: 'UNKNOWN_VERSION' });
    expect((await dead.withKey(farAway)).headers).toMatchObject({ problem: 'REFUSED_BY_DATABASE' });
    expect((await dead.withKey(farAway)).value).toBe(refused.text);
    expect(counts).toEqual({ written: 5, repeated: 0, dead: 3 });
  });

  it('rejects while the dead letters cannot be kept, so that the batch comes again', async () => {
    const gone: Publisher = { publish: () => Promise.reject(new Error('no broker')), close: async () => undefined };
    const lost = { database: database.pool, publisher: gone, topicPrefix: '', nextId: newId, log: silentLog };
    const metrics = { written: () => undefined, repeated: () => undefined, dead: () => undefined };
    await expect(writeOrders([received('k', 'junk')], { ...lost, metrics })).rejects.toThrow('no broker');
  });
});
