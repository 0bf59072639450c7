/** Workers that start while the Redis of one region is gone: the other regions are relayed and expired all the same. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allTopicNames } from '../../contracts/topics.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { createClaims } from '../../reservation-core/claims.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards, type Shards } from '../../reservation-core/shards.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { freePort } from '../../scripts/servers/ports.ts';
import { liveDrop, newId } from '../fixtures/drop.ts';
import { silentLog } from '../fixtures/shards.ts';
import { useDatabase } from '../servers/database.ts';
import { type OurProcess, startOurProcess } from '../servers/dropgate.ts';
import { eventually } from '../servers/eventually.ts';
import { useKafka } from '../servers/kafka.ts';
import { useOwnRedis } from '../servers/own-redis.ts';
import { useRedis } from '../servers/redis.ts';

const SKU = 'SNEAKER-42';
const home = useRedis();
/** Where asia lives. */
const away = useOwnRedis();
const kafkaServer = useKafka();
const database = useDatabase();
const keys = createKeys(home.prefix);
const drop = liveDrop(Date.now());
let shards: Shards;
let workers: OurProcess | undefined;

beforeAll(async () => {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => name);
  await kafka.ensureTopics(names.map((topic) => ({ topic, partitions: 1, replication: 1 })));
  await kafka.close();
  const regionUrls = new Map([
    ['eu', home.url],
    ['asia', away.url],
  ]);
  shards = await connectShards({ homeUrl: home.url, regionUrls, name: 'test', log: silentLog });
  await createDrops({ shards, keys }).publish(drop);
});
afterAll(async () => {
  await workers?.kill();
  await shards.close();
});

async function claim(region: string, holdMs: number): Promise<void> {
  const claimId = newId();
  const [shopperId, holdUntilMs] = [newId(), Date.now() + holdMs];
  const claims = createClaims({ shards, keys, clock: systemClock, onFailedCall: () => undefined });
  const times = { holdUntilMs, passUntilMs: holdUntilMs };
  const row = { key: claimId, shopperId, sku: SKU, quantity: 1, claimId, unitPrice: 4_900, payment: '', ...times };
  expect(await claims.claim(drop.id, region, row)).toMatchObject({ ok: true, reply: { reply: 'WON' } });
}

const relayed = async (region: string) =>
  (await shards.region(region)?.redis.xlen(keys.stock(drop.id, region).outbox)) === 0;
const held = async (region: string) => (await createStock({ shards, keys }).ledger(drop.id, region)).get(SKU)?.held;
const withinMs = 30_000;

it('relays and expires the others, is ready, and takes the region up when it is back', {
  timeout: 120_000,
}, async () => {
  await claim('asia', 1_000);
  await away.kill();
  workers = await startOurProcess('queue-workers/main.ts', {
    ...{ REDIS_URL: home.url, REDIS_PREFIX: home.prefix, REGIONS: 'asia,eu', REDIS_URL_ASIA: away.url },
    ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix },
    ...{ DATABASE_URL: database.url, OPS_PORT: String(await freePort()) },
  });
  await claim('eu', 600_000);
  await claim('eu', 1_000);
  await eventually(() => relayed('eu'), { withinMs });
  await eventually(async () => (await held('eu')) === 1, { withinMs });

  const ready = await fetch(`${workers.listening['ops']}/ready`);
  expect(ready.status).toBe(200);
  const named = ['redis of asia', 'expiry: redis of asia', 'rebalance: redis of asia'];
  const checks = expect.arrayContaining(named.map((name) => expect.objectContaining({ name, ok: false })));
  expect(await ready.json()).toMatchObject({ ready: true, checks });

  await away.restart();
  await eventually(() => relayed('asia'), { withinMs });
  await eventually(async () => (await held('asia')) === 0, { withinMs });
});
