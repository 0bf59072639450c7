import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectKafka, type Kafka } from '../../platform/connections/kafka.ts';
import { PLATFORM_LIMITS } from '../../platform/limits.ts';
import { openShop, productBody } from '../../test/fixtures/catalog.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { TEST_AUTH_SECRET, useStore } from '../../test/fixtures/store.ts';
import { textAt } from '../../test/fixtures/told.ts';
import { type OurProcess, startOurProcess } from '../../test/servers/dropgate.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { freePort } from '../../test/servers/free-port.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createHearing } from './follow-changes.ts';

const store = useStore();
const kafkaServer = useKafka();
const redis = useRedis();
let kafka: Kafka;
const running: OurProcess[] = [];

beforeAll(async () => {
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const topics = ['cache.invalidate', 'order.created'].map((name) => `${kafkaServer.topicPrefix}${name}`);
  await kafka.ensureTopics(topics.map((topic) => ({ topic, partitions: 2, replication: 1 })));
}, 60_000);
afterAll(async () => {
  await Promise.all(running.map((process) => process.stop()));
  await kafka.close();
});

async function startStore(kafkaBrokers: string): Promise<string> {
  const process = await startOurProcess('store-api/main.ts', {
    DATABASE_URL: store.database.url,
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    KAFKA_BROKERS: kafkaBrokers,
    KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix,
    AUTH_SECRET: TEST_AUTH_SECRET,
    STORE_PORT: String(await freePort()),
    OPS_PORT: String(await freePort()),
    SHUTDOWN_TIMEOUT_MS: '5000',
  });
  running.push(process);
  const address = process.listening['store'];
  if (address === undefined) throw new Error('The store does not say where it listens.');
  return address;
}

/** What the outbox worker does, which is no part of this test. */
async function publishOutbox(): Promise<void> {
  const publisher = await kafka.createPublisher();
  const { rows } = await store.database.pool.query<{ topic: string; key: string; payload: string }>(
    'delete from outbox returning topic, key, payload',
  );
  const messages = rows.filter(({ topic }) => topic === 'cache.invalidate');
  await publisher.publish(
    messages.map(({ topic, key, payload }) => ({ topic: `${kafkaServer.topicPrefix}${topic}`, key, value: payload })),
  );
  await publisher.close();
}

describe('two stores', () => {
  it('show what one of them changed, once Kafka has told the other', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => startStore(kafkaServer.brokers.join(','))));
    const shop = await openShop(store);
    const headers = { authorization: `Bearer ${shop.token}`, 'content-type': 'application/json' };
    const body = productBody(shop);
    const post = await fetch(`${one}/api/v1/products`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(post.status).toBe(201);
    const titleAt = async (address: string | undefined): Promise<unknown> => {
      const answer: unknown = await (await fetch(`${address}/api/v1/products/${body.slug}`)).json();
      return typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'title') : undefined;
    };
    const listening = async (address: string | undefined): Promise<boolean> => {
      const report = await (await fetch(`${address}/ready`)).text();
      return report.includes('kafka') && !report.includes('false');
    };
    await eventually(async () => (await listening(one)) && (await listening(two)), { withinMs: 20_000 });
    const { variants: _variants, ...content } = body;
    let round = 0;
    // A store hears from when its group has its partitions: the first changes may come before.
    await eventually(
      async () => {
        round += 1;
        const title = `Title ${round}`;
        expect(await titleAt(two)).toBeDefined();
        const url = `${one}/api/v1/products/${await idOf(body.slug)}`;
        const changed = { ...headers, 'if-match': '*' };
        const put = await fetch(url, { method: 'PUT', headers: changed, body: JSON.stringify({ ...content, title }) });
        expect(put.status).toBe(200);
        expect(await titleAt(one)).toBe(title);
        await publishOutbox();
        await eventually(async () => (await titleAt(two)) === title, { withinMs: 1_500 });
        return true;
      },
      { withinMs: 30_000 },
    );
  }, 90_000);

  it('serve also where Kafka is not, and show a change after a moment', async () => {
    const alone = await startStore(`127.0.0.1:${await freePort()}`);
    const shop = await openShop(store);
    const body = productBody(shop);
    const made = await store.call('POST', '/api/v1/products', { token: shop.token, body });
    const price = async (): Promise<number> => {
      const answer = await fetch(`${alone}/api/v1/products/${textAt(made.body, 'id')}`);
      expect(answer.status).toBe(200);
      const text = await answer.text();
      return Number(/"price":(?<price>\d+)/.exec(text)?.groups?.['price']);
    };
    expect(await price()).toBe(2_200);
    await store.database.pool.query('update variants set price_minor = 1 where sku = $1', [body.variants[0]?.sku]);
    await eventually(async () => (await price()) === 1, { withinMs: 10_000 });
  }, 60_000);
});

async function idOf(slug: string): Promise<string> {
  const { rows } = await store.database.pool.query<{ id: string }>('select id from products where slug = $1', [slug]);
  return rows[0]?.id ?? '';
}

describe('hearing of changes', () => {
  it('forgets what a process remembers when Kafka comes, and says that it hears', async () => {
    const instance = crypto.randomUUID();
    const hearing = createHearing({ kafka, topicPrefix: kafkaServer.topicPrefix, instance, log: silentLog });
    let forgotten = 0;
    expect(hearing.hears()).toBe(false);
    hearing.follow({
      invalidate: async () => undefined,
      forget() {
        forgotten += 1;
      },
    });
    await eventually(() => hearing.hears(), { withinMs: PLATFORM_LIMITS.kafkaFirstJoinMs });
    expect(forgotten).toBe(1);
    await hearing.stop();
  }, 60_000);
});
