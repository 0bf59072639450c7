/** The core on a Redis Cluster of three nodes: each (drop, region) is one slot, wherever the cluster puts it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allTopicNames } from '../../contracts/topics.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { createDueTimes } from '../../queue-workers/expiry/due-times.ts';
import { createLeadership } from '../../queue-workers/leadership.ts';
import { createOutboxStreams } from '../../queue-workers/relay/stream.ts';
import { createClaims } from '../../reservation-core/claims.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { createLine } from '../../reservation-core/line.ts';
import { rebuildRegions } from '../../reservation-core/rebuild/rebuild.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { connectShards, type Shards } from '../../reservation-core/shards.ts';
import { createStock, isBalanced } from '../../reservation-core/stock.ts';
import { DEMO_DROP_ID } from '../../scripts/seed/demo.ts';
import { freePort } from '../../scripts/servers/ports.ts';
import { startRedis } from '../../scripts/servers/redis.ts';
import { EVERYBODY, joinRow, liveDrop, newId, PASS_UNTIL_MS } from '../fixtures/drop.ts';
import { silentLog } from '../fixtures/shards.ts';
import { useDatabase } from '../servers/database.ts';
import { startOurProcess } from '../servers/dropgate.ts';
import { eventually } from '../servers/eventually.ts';
import { useKafka } from '../servers/kafka.ts';
import { useRedisCluster } from '../servers/redis-cluster.ts';

const SKU = 'SNEAKER-42';
const REGIONS = ['eu', 'asia', 'us-east', 'us-west'];
const cluster = useRedisCluster();
const kafkaServer = useKafka();
const database = useDatabase();
const keys = createKeys('dg');
const drop = liveDrop(Date.now(), {
  skus: [{ sku: SKU, title: 'x', price: 1, allocation: Object.fromEntries(REGIONS.map((region) => [region, 20])) }],
});
const failures: unknown[] = [];
let shards: Shards;

beforeAll(async () => {
  const regionUrls = new Map(REGIONS.map((region) => [region, cluster.url]));
  shards = await connectShards({ homeUrl: cluster.url, regionUrls, name: 'test', log: silentLog, mode: 'cluster' });
  await createDrops({ shards, keys }).publish(drop);
});
afterAll(() => shards.close());

const options = () => ({ shards, keys, clock: systemClock, onFailedCall: (error: unknown) => failures.push(error) });
async function claim(region: string, shopperId = newId()) {
  const claimId = newId();
  const row = {
    key: claimId,
    shopperId,
    claimId,
    sku: SKU,
    quantity: 1,
    holdUntilMs: Date.now() + 600_000,
    passUntilMs: PASS_UNTIL_MS,
    unitPrice: 4_900,
    payment: '',
  };
  const answer = await createClaims(options()).claim(drop.id, region, row);
  return { claimId, reply: answer.ok ? answer.reply.reply : answer.code };
}
const ledger = async (region: string) => {
  const one = (await createStock({ shards, keys }).ledger(drop.id, region)).get(SKU);
  expect(one !== undefined && isBalanced(one)).toBe(true);
  return one;
};

const slotOf = async (key: string) => Number(await cluster.nodes[0]?.call('CLUSTER', 'KEYSLOT', key));
const slotsOf = async (names: object) => new Set(await Promise.all(Object.values(names).map(slotOf)));

it('keeps the keys of a region together, and the regions apart', async () => {
  for (const region of REGIONS) expect(await slotsOf(keys.stock(drop.id, region))).toHaveProperty('size', 1);
  expect(await slotsOf(keys.line(drop.id))).toHaveProperty('size', 1);
  const sizes = await Promise.all(cluster.nodes.map((node) => node.dbsize()));
  expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(1);
});

it('gives places, sells each unit once, ends holds and moves units', async () => {
  const line = createLine({ ...options(), edge: 'e' });
  const joined = await line.join(drop.id, joinRow(newId()), 'socket');
  expect(joined).toMatchObject({ ok: true, reply: { reply: 'WAITING' } });
  expect(await line.admit(drop.id, EVERYBODY)).toMatchObject({ called: 1 });

  const answers = await Promise.all(REGIONS.flatMap((region) => Array.from({ length: 30 }, () => claim(region))));
  expect(answers.filter(({ reply }) => reply === 'WON')).toHaveLength(80);
  expect(answers.filter(({ reply }) => reply === 'SOLD_OUT')).toHaveLength(40);
  expect(failures).toEqual([]);

  const [first, second, third] = answers.map(({ claimId }) => claimId);
  const holds = createHolds({ shards, keys });
  expect(await holds.confirm(drop.id, 'eu', [first ?? ''])).toEqual([{ reply: 'CONFIRMED' }]);
  await holds.release(drop.id, 'eu', [second ?? '', third ?? ''], 'cancelled');
  const move = { transferId: newId(), sku: SKU, units: 2, fromRegion: 'eu', toRegion: 'asia' };
  expect(await createTransfers({ shards, keys }).move(drop.id, move)).toBe('MOVED');
  expect(await ledger('eu')).toMatchObject({ available: 0, held: 17, sold: 1, out: 2 });
  expect(await ledger('asia')).toMatchObject({ available: 2, held: 20, in: 2 });
});

it('relays the outboxes of all regions, each from where it is', async () => {
  const { redis } = shards.home;
  const streams = createOutboxStreams({ reader: redis, writer: redis, consumer: 'test' });
  const names = REGIONS.map((region) => keys.stock(drop.id, region).outbox);
  for (const name of names) await streams.prepare(name);
  const entries = await streams.next(names, 1_000, 100);
  expect(new Set(entries.map(({ stream }) => stream))).toEqual(new Set(names));
  await streams.done(entries);
  expect(await Promise.all(names.map((name) => redis.xlen(name)))).toEqual(names.map(() => 0));
  expect(await streams.next(names, 1_000, 1)).toEqual([]);
  const due = await createDueTimes(redis, keys, 'eu').next([drop.id, newId()]);
  expect(due).toEqual([expect.any(Number), undefined]);
});

it('follows a slot that moves to another node', async () => {
  const slot = await slotOf(keys.stock(drop.id, 'asia').stock);
  const ids = await Promise.all(cluster.nodes.map(async (node) => String(await node.call('CLUSTER', 'MYID'))));
  const counts = await Promise.all(
    cluster.nodes.map(async (node) => Number(await node.call('CLUSTER', 'COUNTKEYSINSLOT', slot))),
  );
  const from = counts.findIndex((count) => count > 0);
  const to = (from + 1) % ids.length;
  const [source, target] = [cluster.nodes[from], cluster.nodes[to]];
  await target?.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids[from] ?? '');
  await source?.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids[to] ?? '');
  const names = Object.values(keys.stock(drop.id, 'asia'));
  await source?.call('MIGRATE', '127.0.0.1', target?.options.port ?? 0, '', 0, 5_000, 'KEYS', ...names);
  for (const node of cluster.nodes) await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', ids[to] ?? '');
  expect(await claim('asia')).toMatchObject({ reply: 'WON' });
  expect(await ledger('asia')).toMatchObject({ available: 1, held: 21 });
});

it('is rebuilt like any other', async () => {
  await shards.region('us-west')?.redis.del(Object.values(keys.stock(drop.id, 'us-west')));
  expect(await claim('us-west')).toMatchObject({ reply: 'PAUSED' });
  const rebuilt = await rebuildRegions({
    ...{ shards, keys, drop, lost: ['us-west'], claims: [], rebuildId: newId(), nowMs: Date.now() },
  });
  expect(rebuilt).toMatchObject({ reply: 'REBUILT' });
  expect(await ledger('us-west')).toMatchObject({ available: 20 });
});

it('has one leader at a time, who notices when the lead is lost', async () => {
  const [one, two] = ['one', 'two'].map((name) => {
    const losses: unknown[] = [];
    const onLost = (error: unknown) => losses.push(error);
    const { redis } = shards.home;
    return { name, losses, ...createLeadership({ redis, key: keys.rebalanceLeader, lockMs: 800, onLost }) };
  });
  if (one === undefined || two === undefined) throw new Error('two candidates');
  const lead = await one.lead();
  expect(lead?.aborted).toBe(false);
  const untilMs = performance.now() + 1_600;
  await eventually(
    async () => {
      expect(await two.lead()).toBeUndefined();
      return performance.now() > untilMs;
    },
    { withinMs: 15_000, everyMs: 50 },
  );
  expect(await one.lead()).toBe(lead);
  await shards.home.redis.set(`mutex:${keys.rebalanceLeader}`, 'somebody else', 'PX', 800);
  await eventually(() => lead?.aborted === true, { withinMs: 15_000 });
  expect(one.losses).toHaveLength(1);
  const next = await eventually(async () => (await two.lead()) ?? false, { withinMs: 15_000, everyMs: 50 });
  await two.resign();
  expect(next.aborted).toBe(true);
  expect(await one.lead()).toBeDefined();
  await one.resign();
});

it('is seeded by the command, and served by processes that are ready', { timeout: 120_000 }, async () => {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const topics = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => ({
    topic: name,
    partitions: 1,
    replication: 1,
  }));
  await kafka.ensureTopics(topics);
  await kafka.close();
  const environment = {
    ...{ REDIS_URL: cluster.url, REDIS_PREFIX: 'dg', REDIS_MODE: 'cluster', REGIONS: REGIONS.join(',') },
    ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix },
    ...{ DATABASE_URL: database.url, OPS_PORT: String(await freePort()) },
  };
  const command = join(import.meta.dirname, '..', '..', 'scripts/seed/main.ts');
  const seed = () =>
    promisify(execFile)(process.execPath, [command, '--demo'], { env: { PATH: process.env['PATH'], ...environment } });
  await seed();
  expect((await seed()).stdout).toContain('nothing was changed');
  const workers = await startOurProcess('queue-workers/main.ts', environment);
  for (const region of REGIONS) {
    const unitsOf = async () => [...(await createStock({ shards, keys }).ledger(DEMO_DROP_ID, region)).values()];
    await eventually(async () => ((await unitsOf())[0]?.available ?? 0) > 0, { withinMs: 30_000 });
  }
  const isReady = async () => (await fetch(`${workers.listening['ops']}/ready`)).ok;
  await eventually(isReady, { withinMs: 30_000 });
  expect(await workers.stop()).toBe(0);
});

it('starts without the cluster of a region that is gone, and finds it when it comes', { timeout: 60_000 }, async () => {
  const [port, busPort] = [await freePort(), await freePort()];
  const url = `redis://127.0.0.1:${port}`;
  const regionUrls = new Map([
    ['eu', cluster.url],
    ['asia', url],
  ]);
  const given = { homeUrl: cluster.url, regionUrls, name: 'test', log: silentLog, mode: 'cluster' } as const;
  const without = await connectShards(given);
  expect(without.missing()).toEqual(['asia']);
  expect((await createStock({ shards: without, keys }).ledger(drop.id, 'eu')).size).toBe(1);
  await expect(createStock({ shards: without, keys }).ledger(drop.id, 'asia')).rejects.toThrow();

  const folder = await mkdtemp(join(tmpdir(), 'dropgate-late-'));
  // A node that has met no other one does not know its own address.
  const own = { 'cluster-announce-ip': '127.0.0.1', 'cluster-port': String(busPort) };
  const settings = { 'cluster-enabled': 'yes', ...own };
  const server = await startRedis({ dataDir: folder, port, logFile: join(folder, 'log'), settings });
  try {
    const node = new Redis(url);
    await node.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    node.disconnect();
    await eventually(() => without.missing().length === 0, { withinMs: 30_000 });
    expect(await without.region('asia')?.redis.set('a', 'b')).toBe('OK');
  } finally {
    await without.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
  expect(without.missing()).toEqual(['eu', 'asia']);
});
