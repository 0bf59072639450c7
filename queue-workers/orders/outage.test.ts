import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeEvent } from '../../contracts/events/codec.ts';
import { topicName } from '../../contracts/topics.ts';
import { migrate } from '../../db/migrate.ts';
import { connectKafka, type Kafka, type Publisher } from '../../platform/connections/kafka.ts';
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { wonEvent } from '../../test/fixtures/events.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { type OurProcess, startOurProcess } from '../../test/servers/dropgate.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { freePort } from '../../test/servers/free-port.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { useOwnPostgres } from '../../test/servers/own-postgres.ts';
import { useRedis } from '../../test/servers/redis.ts';

const CLAIMS = 6_000;
const PUBLISHED_AT_ONCE = 500;
const DEADLINE_MS = 60_000;

const postgres = useOwnPostgres();
const redis = useRedis();
const kafkaServer = useKafka();
let kafka: Kafka;
let publisher: Publisher;
let worker: OurProcess;
let database: Database;
const topic = (name: 'claims.won' | 'claims.released') => topicName(kafkaServer.topicPrefix, name);

const start = async (): Promise<OurProcess> =>
  startOurProcess('queue-workers/orders/main.ts', {
    ...{ REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, REGIONS: 'eu', OPS_PORT: String(await freePort()) },
    ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix },
    DATABASE_URL: postgres.url,
  });

beforeAll(async () => {
  await migrate({ databaseUrl: postgres.url, log: () => undefined });
  database = connectPostgres({ url: postgres.url, max: 1, name: 'test', log: silentLog });
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const spec = { partitions: 4, replication: 1 };
  await kafka.ensureTopics([
    { topic: topic('claims.won'), ...spec },
    { topic: topic('claims.released'), ...spec },
  ]);
  publisher = await kafka.createPublisher();
  worker = await start();
}, DEADLINE_MS);
afterAll(async () => {
  await Promise.all([worker.kill(), kafka.close(), database.end()]);
});

/** One figure, or undefined while there is no database. */
async function count(query: string): Promise<number | undefined> {
  try {
    const { rows } = await database.query<{ count: number }>(`select count(*)::int as count from ${query}`);
    return rows[0]?.count;
  } catch {
    return undefined;
  }
}

const until = (query: string, wanted: (found: number) => boolean) =>
  eventually(
    async () => {
      const found = await count(query);
      return found !== undefined && wanted(found);
    },
    { withinMs: DEADLINE_MS },
  );

it('loses nothing and doubles nothing while the database, and then the worker, are killed', {
  timeout: 4 * DEADLINE_MS,
}, async () => {
  const claims = Array.from({ length: CLAIMS }, () => wonEvent({ dropId: newId() }));
  const publish = async (): Promise<void> => {
    for (let from = 0; from < claims.length; from += PUBLISHED_AT_ONCE) {
      const batch = claims.slice(from, from + PUBLISHED_AT_ONCE);
      await publisher.publish(
        batch.map(({ claimId, text }) => ({ topic: topic('claims.won'), key: claimId, value: text })),
      );
    }
  };
  const published = publish();
  await until('orders', (found) => found > 0);
  await postgres.kill();
  // Everything comes a second time, as after a publish whose outcome was unknown.
  await published;
  await publish();
  await postgres.restart();
  const before = (await count('orders')) ?? 0;
  await until('orders', (found) => found > before || found === CLAIMS);
  await worker.kill();
  worker = await start();
  await until('orders', (found) => found === CLAIMS);
  await eventually(async () => (await kafka.lag(`${kafkaServer.topicPrefix}orders`, topic('claims.won'))) === 0, {
    withinMs: DEADLINE_MS,
  });
  for (const table of ['orders', 'order_items', 'payments', 'order_status_history', 'outbox'])
    expect([table, await count(table)]).toEqual([table, CLAIMS]);

  const over = claims.slice(0, CLAIMS / 2).map(({ claimId, text }) => ({
    topic: topic('claims.released'),
    key: claimId,
    value: encodeEvent({
      type: 'claims.released',
      v: 1,
      id: claimId,
      at: Date.now(),
      data: { ...claimOf(text), reason: 'expired' },
    }),
  }));
  await publisher.publish(over);
  await publisher.publish(over);
  await until(`orders where status = 'CANCELLED'`, (found) => found === over.length);
  await eventually(
    async () => (await kafka.lag(`${kafkaServer.topicPrefix}orders-released`, topic('claims.released'))) === 0,
    { withinMs: DEADLINE_MS },
  );
  expect(await count('order_status_history')).toBe(CLAIMS + over.length);
  expect(await count(`outbox where topic = 'order.status'`)).toBe(over.length);
  expect(await worker.stop()).toBe(0);
});

function claimOf(text: string) {
  const { claimId, dropId, region, shopperId, sku, quantity } = JSON.parse(text).data;
  return { claimId, dropId, region, shopperId, sku, quantity };
}
