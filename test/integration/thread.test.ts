import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allTopicNames } from '../../contracts/topics.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { seedDemo } from '../../scripts/seed/seed-demo.ts';
import { freePort } from '../../scripts/servers/ports.ts';
import { openLine } from '../clients/line-client.ts';
import { liveDrop } from '../fixtures/drop.ts';
import { exampleClient } from '../fixtures/example-client.ts';
import { silentLog, TEST_REGIONS, useShards } from '../fixtures/shards.ts';
import { useDatabase } from '../servers/database.ts';
import { type OurProcess, startOurProcess } from '../servers/dropgate.ts';
import { eventually } from '../servers/eventually.ts';
import { useKafka } from '../servers/kafka.ts';
import { useRedis } from '../servers/redis.ts';

const redis = useRedis();
const kafkaServer = useKafka();
const database = useDatabase();
const core = useShards(redis);
const running: OurProcess[] = [];
let edge: OurProcess;
let workers: OurProcess;
let store: OurProcess;

async function environment(): Promise<Record<string, string>> {
  return {
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    REGIONS: TEST_REGIONS.join(','),
    KAFKA_BROKERS: kafkaServer.brokers.join(','),
    KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix,
    DATABASE_URL: database.url,
    AUTH_SECRET: 'a secret of at least 32 characters',
    PASS_SECRET: 'another secret of at least 32 characters',
    EDGE_PORT: String(await freePort()),
    STORE_PORT: String(await freePort()),
    OPS_PORT: String(await freePort()),
  };
}

async function start(entry: string): Promise<OurProcess> {
  const started = await startOurProcess(entry, await environment());
  running.push(started);
  return started;
}

beforeAll(async () => {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => name);
  await kafka.ensureTopics(names.map((topic) => ({ topic, partitions: 2, replication: 1 })));
  await kafka.close();
  [edge, workers, store] = await Promise.all([
    start('edge/main.ts'),
    start('queue-workers/main.ts'),
    start('store-api/main.ts'),
  ]);
});
afterAll(() => Promise.all(running.map((child) => child.kill())));

const api = (path: string, init?: RequestInit) => fetch(`${store.listening['store']}/api/v1${path}`, init);

async function guestToken(): Promise<string> {
  const answer: unknown = await (await api('/auth/guest', { method: 'POST' })).json();
  if (typeof answer !== 'object' || answer === null || !('accessToken' in answer)) throw new Error('no token');
  return String(answer.accessToken);
}

async function claimAt(dropId: string, token: string) {
  const line = await openLine(edge.listening['edge'] ?? '', dropId, 'eu');
  line.send({ t: 'join', token, nonce: 'n' });
  await line.next('admitted');
  line.send({ t: 'claim', key: 'k', sku: 'SNEAKER-42', qty: 2 });
  return { line, claimed: await line.next('claimed') };
}

describe('a sale', () => {
  it('goes from the socket through Redis and Kafka to rows in PostgreSQL and back to the socket', async () => {
    const drop = liveDrop(Date.now());
    await createDrops(core).publish(drop);
    const token = await guestToken();
    const { line, claimed } = await claimAt(drop.id, token);
    const news = await line.next('order');
    expect(news).toEqual({ t: 'order', claimId: claimed.claimId, orderId: claimed.claimId, status: 'PENDING' });
    await line.close();

    expect(await findOrder(database.pool, claimed.claimId)).toMatchObject({
      ...{ dropId: drop.id, region: 'eu', totalMinor: 9_800, holdUntilMs: claimed.holdUntil },
      payments: [{ status: 'PENDING', amountMinor: 9_800 }],
    });
    const seen = await api(`/orders/${claimed.claimId}`, { headers: { authorization: `Bearer ${token}` } });
    expect(await seen.json()).toMatchObject({ id: claimed.claimId, status: 'PENDING', total: 9_800 });
  });

  it('loses nothing when the workers are killed: what was told "claimed" becomes an order after they are back', async () => {
    await workers.kill();
    const drop = liveDrop(Date.now());
    await createDrops(core).publish(drop);
    const { line, claimed } = await claimAt(drop.id, await guestToken());
    expect(await findOrder(database.pool, claimed.claimId)).toBeUndefined();
    workers = await start('queue-workers/main.ts');
    expect(await line.next('order')).toMatchObject({ claimId: claimed.claimId, status: 'PENDING' });
    await eventually(async () => (await findOrder(database.pool, claimed.claimId)) !== undefined, { withinMs: 10_000 });
    await line.close();
  });

  it('is made by the ten lines of the documents, read as they stand there', async () => {
    const { drop } = await withTransaction(database.pool, (client) =>
      seedDemo(client, { regions: TEST_REGIONS, nowMs: Date.now() }),
    );
    const definition = publishedDefinition(drop);
    if (definition === undefined) throw new Error('the demo drop is a draft');
    await createDrops(core).publish(definition);
    const code = exampleClient('docs/PROTOCOL.md')
      .replaceAll('http://127.0.0.1:3000', store.listening['store'] ?? '')
      .replaceAll('ws://127.0.0.1:8080', edge.listening['edge'] ?? '');
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
      timeout: 15_000,
    });
    const said = [...stdout.matchAll(/t: '(?<t>[a-z-]+)'/g)].map(({ groups }) => groups?.['t']);
    const inOrder = ['welcome', 'ticket', 'line', 'admitted', 'claimed', 'order'];
    expect(said.filter((t) => t !== 'head')).toEqual(inOrder);
  });

  it('ends cleanly when it is asked to', async () => {
    expect(await Promise.all([edge.stop(), workers.stop(), store.stop()])).toEqual([0, 0, 0]);
  });
});
