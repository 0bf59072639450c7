import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, describe, expect, it } from 'vitest';
import { useDatabase } from './database.ts';
import { eventually } from './eventually.ts';
import { FromBeforeAll } from './from-before-all.ts';
import { useKafka } from './kafka.ts';
import { useOwnRedis } from './own-redis.ts';
import { useRedis } from './redis.ts';

describe('useRedis', () => {
  const redis = useRedis();
  const other = useRedis();

  it('says so when it is read too early', () => {
    // As on the first level of a file, where a test may keep what it reads for later.
    expect(() => new FromBeforeAll('the URL of Redis').value).toThrow(
      'the URL of Redis is there inside tests and hooks only',
    );
  });

  it('gives each file one server and a prefix of its own', async () => {
    expect(redis.url).toBe(other.url);
    expect(redis.prefix).not.toBe(other.prefix);
    expect(redis.prefix).toMatch(/^[a-z0-9._-]{1,40}$/);
    const client = new Redis(redis.url);
    expect(await client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
    client.disconnect();
  });
});

describe('useKafka', () => {
  const kafka = useKafka();

  it('gives a Kafka that takes and lists topics', async () => {
    const client = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    const topic = `${kafka.topicPrefix}tried`;
    // kafkajs's own wait for the leaders fails when the broker does not know the new topic yet.
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false });
    await eventually(async () => expect(await admin.listTopics()).toContain(topic), { withinMs: 10_000 });
    await admin.disconnect();
  });
});

describe('useDatabase', () => {
  const migrated = useDatabase();
  const empty = useDatabase({ migrated: false });
  const tables =
    "SELECT count(*)::int AS count FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";

  it('gives a copy of the migrated database, or an empty one', async () => {
    const [first, second] = await Promise.all([migrated.pool.query(tables), empty.pool.query(tables)]);
    expect(first.rows[0].count).toBeGreaterThan(0);
    expect(second.rows[0].count).toBe(0);
    expect(migrated.url).not.toBe(empty.url);
  });

  it('is reached by its URL as well, in UTC', async () => {
    const { rows } = await empty.pool.query('SELECT current_database() AS name, current_setting($1) AS zone', [
      'TimeZone',
    ]);
    expect(new URL(empty.url).pathname).toBe(`/${rows[0].name}`);
    expect(rows[0].zone).toBe('UTC');
  });
});

describe('useOwnRedis', () => {
  const shared = useRedis();
  const own = useOwnRedis();
  const clients: Redis[] = [];
  afterAll(() => {
    for (const client of clients) client.disconnect();
  });
  const connect = (url: string) => {
    const client = new Redis(url, { retryStrategy: () => 20 });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };

  it('loses nothing that it answered when it is killed, and comes back where it was', async () => {
    const client = connect(own.url);
    const { url, pid } = own;
    expect(url).not.toBe(shared.url);
    await client.set('told', 'the shopper');
    await own.kill();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await own.restart();
    expect([own.url, own.pid === pid]).toEqual([url, false]);
    expect(await eventually(() => client.get('told'), { withinMs: 5_000 })).toBe('the shopper');
  });

  it('restarts in order when it still runs', async () => {
    const { pid } = own;
    await own.restart();
    expect(own.pid).not.toBe(pid);
    expect(await connect(own.url).get('told')).toBe('the shopper');
  });
});
