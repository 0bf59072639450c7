import { afterAll, expect, it } from 'vitest';
import { type LineClient, openLineClient } from '../../contracts/client/line-client.ts';
import { allTopicNames } from '../../contracts/topics.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { freePort } from '../../scripts/servers/ports.ts';
import { liveDrop, newId } from '../fixtures/drop.ts';
import { silentLog, TEST_REGIONS, useShards } from '../fixtures/shards.ts';
import { type OurProcess, startOurProcess } from '../servers/dropgate.ts';
import { useKafka } from '../servers/kafka.ts';
import { useRedis } from '../servers/redis.ts';

const SKU = 'SNEAKER-42';
const SHOPPERS = 20;
const redis = useRedis();
const kafkaServer = useKafka();
const core = useShards(redis);
const secret = 'a secret of at least 32 characters';
const tokens = createAccessTokens({ secret, clock: systemClock });
const clients: LineClient[] = [];
let edge: OurProcess | undefined;

afterAll(async () => {
  for (const client of clients) client.close();
  await edge?.kill();
});

async function startEdge(port: number): Promise<OurProcess> {
  return await startOurProcess('edge/main.ts', {
    ...{ REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, REGIONS: TEST_REGIONS.join(',') },
    ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix },
    ...{ AUTH_SECRET: secret, PASS_SECRET: secret, EDGE_PORT: String(port), OPS_PORT: String(await freePort()) },
  });
}

async function open(url: string, dropId: string): Promise<LineClient> {
  const { accessToken } = await tokens.issue({ userId: newId(), kind: 'guest', role: 'shopper' });
  const client = openLineClient({
    ...{ urls: url, dropId, region: 'eu', patience: { backoff: { minMs: 5, maxMs: 200 }, failures: 1_000 } },
    token: async () => accessToken,
  });
  clients.push(client);
  return client;
}

it('everybody keeps the place, and each claim has one answer, while the edge is killed twice', async () => {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => name);
  await kafka.ensureTopics(names.map((topic) => ({ topic, partitions: 2, replication: 1 })));
  await kafka.close();
  const port = await freePort();
  const url = `ws://127.0.0.1:${port}`;
  const skus = [{ sku: SKU, title: 'Sneaker 42', price: 4_900, allocation: { eu: SHOPPERS } }];
  const drop = liveDrop(Date.now(), { skus, perShopperLimit: 1, admission: { perSecond: 1_000, maxActive: 1 } });
  await createDrops(core).publish(drop);
  edge = await startEdge(port);

  // One at a time is admitted, and makes room with their claim: when the edge dies, most are still in line.
  const places: (number | undefined)[] = [];
  const crowd: LineClient[] = [];
  for (let at = 0; at < SHOPPERS; at += 1) {
    const client = await open(url, drop.id);
    await client.until('waiting');
    crowd.push(client);
    places.push(client.view?.position);
  }
  const admitted: number[] = [];
  crowd.forEach((client, at) => {
    void client.until('admitted').then(() => admitted.push(at + 1));
  });
  const claims = crowd.map((client) => client.claim({ sku: SKU, qty: 1 }));
  for (const seen of [3, 9]) {
    await expect.poll(() => admitted.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(seen);
    await edge.kill();
    edge = await startEdge(port);
  }
  const outcomes = await Promise.all(claims);
  expect(outcomes.map(({ t }) => t)).toEqual(crowd.map(() => 'claimed'));
  expect(new Set(outcomes.map((outcome) => (outcome.t === 'claimed' ? outcome.claimId : ''))).size).toBe(SHOPPERS);
  expect(places).toEqual(crowd.map((_, at) => at + 1));
  expect(admitted).toEqual(places);
  expect((await createStock(core).ledger(drop.id, 'eu')).get(SKU)).toMatchObject({ available: 0, held: SHOPPERS });
});
