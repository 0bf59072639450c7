import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicName } from '../../contracts/topics.ts';
import { connectKafka, type Kafka, type OutgoingMessage, type Publisher } from '../../platform/connections/kafka.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { type CollectedTopic, collectTopic } from '../../test/servers/collect-topic.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { startOutbox } from './outbox.ts';

const database = useDatabase();
const kafkaServer = useKafka();
let kafka: Kafka;
let published: CollectedTopic;

beforeAll(async () => {
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  published = await collectTopic(kafka, topicName(kafkaServer.topicPrefix, 'order.created'));
});
afterAll(() => kafka.close());

const add = (key: string, payload: string) =>
  database.pool.query(`insert into outbox (topic, key, payload) values ('order.created', $1, $2)`, [key, payload]);

const empty = () =>
  eventually(async () => (await database.pool.query('select from outbox')).rowCount === 0, { withinMs: 10_000 });

function start(publisher: Publisher) {
  const counts = { published: 0, failed: 0 };
  const metrics = {
    published: (count: number) => {
      counts.published += count;
    },
    failed: () => {
      counts.failed += 1;
    },
  };
  const { topicPrefix } = kafkaServer;
  return { counts, ...startOutbox({ database: database.pool, publisher, topicPrefix, log: silentLog, metrics }) };
}

describe('the outbox', () => {
  it('brings what was committed to its topic, in the order of each key, and then is empty', async () => {
    const key = newId();
    for (const payload of ['1', '2', '3']) await add(key, payload);
    const outbox = start(await kafka.createPublisher());
    await empty();
    await add(key, '4');
    await empty();
    await outbox.stop();
    expect(await published.countOf(key, 4)).toBe(4);
    expect(outbox.counts).toEqual({ published: 4, failed: 0 });
  });

  it('keeps events until Kafka has answered for them', async () => {
    const real = await kafka.createPublisher();
    const tries: (readonly OutgoingMessage[])[] = [];
    const outbox = start({
      async publish(batch) {
        tries.push(batch);
        if (tries.length === 1) throw new Error('no broker');
        await real.publish(batch);
      },
      close: () => real.close(),
    });
    const key = newId();
    await add(key, 'x');
    await empty();
    await outbox.stop();
    expect(tries).toHaveLength(2);
    expect(await published.countOf(key, 1)).toBe(1);
    expect(outbox.counts).toEqual({ published: 1, failed: 1 });
  });
});
