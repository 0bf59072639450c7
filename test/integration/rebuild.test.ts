/** A sale whose Redis is emptied in the middle, and what `npm run rebuild` makes of it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DropDefinition } from '../../contracts/drop.ts';
import { allTopicNames } from '../../contracts/topics.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { type Claims, createClaims } from '../../reservation-core/claims.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { connectShards, type Shards } from '../../reservation-core/shards.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { seedDemo } from '../../scripts/seed/seed-demo.ts';
import { freePort } from '../../scripts/servers/ports.ts';
import { newId, PASS_UNTIL_MS } from '../fixtures/drop.ts';
import { wonEvent } from '../fixtures/events.ts';
import { silentLog } from '../fixtures/shards.ts';
import { useDatabase } from '../servers/database.ts';
import { type OurProcess, startOurProcess } from '../servers/dropgate.ts';
import { eventually } from '../servers/eventually.ts';
import { useKafka } from '../servers/kafka.ts';
import { useOwnRedis } from '../servers/own-redis.ts';
import { useRedis } from '../servers/redis.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const home = useRedis();
/** Where eu lives: the one that is emptied. */
const euRedis = useOwnRedis();
const kafkaServer = useKafka();
const database = useDatabase();
const keys = createKeys(home.prefix);
let shards: Shards;
let workers: OurProcess;
let drop: DropDefinition;
let sku = '';
let claims: Claims;

const environment = async () => ({
  ...{ REDIS_URL: home.url, REDIS_PREFIX: home.prefix, REGIONS: 'eu,asia', REDIS_URL_EU: euRedis.url },
  ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix },
  ...{ DATABASE_URL: database.url, OPS_PORT: String(await freePort()) },
});

beforeAll(async () => {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => name);
  await kafka.ensureTopics(names.map((topic) => ({ topic, partitions: 2, replication: 1 })));
  await kafka.close();
  const regionUrls = new Map([
    ['eu', euRedis.url],
    ['asia', home.url],
  ]);
  shards = await connectShards({ homeUrl: home.url, regionUrls, name: 'test', log: silentLog });
  claims = createClaims({ shards, keys, clock: systemClock, onFailedCall: () => undefined });
  const seeded = await withTransaction(database.pool, (client) =>
    seedDemo(client, { regions: ['eu', 'asia'], nowMs: Date.now() }),
  );
  const definition = publishedDefinition(seeded.drop);
  if (definition === undefined) throw new Error('the demo drop is a draft');
  drop = definition;
  sku = drop.skus[0]?.sku ?? '';
  await createDrops({ shards, keys }).publish(drop);
  workers = await startOurProcess('queue-workers/main.ts', await environment());
});
afterAll(async () => {
  await workers.kill();
  await shards.close();
});

interface Asked {
  readonly claimId: string;
  readonly key: string;
  readonly shopperId: string;
  readonly holdUntilMs: number;
}

function ask(): Asked {
  const claimId = newId();
  return { claimId, key: `key-${claimId}`, shopperId: newId(), holdUntilMs: Date.now() + 900_000 };
}

async function claim(asked: Asked, region = 'eu') {
  const { claimId, key, shopperId, holdUntilMs } = asked;
  const times = { holdUntilMs, passUntilMs: PASS_UNTIL_MS };
  const row = { key, shopperId, sku, quantity: 1, claimId, unitPrice: 4_900, payment: '', ...times };
  const answer = await claims.claim(drop.id, region, row);
  return answer.ok ? answer.reply : { reply: answer.code };
}

const ledger = async (region: string) => (await createStock({ shards, keys }).ledger(drop.id, region)).get(sku);

async function rebuild(...options: string[]): Promise<{ code: number; output: string }> {
  const args = [join(ROOT, 'scripts/rebuild/main.ts'), '--drop', drop.id, ...options];
  const env = { PATH: process.env['PATH'], ...(await environment()) };
  return await promisify(execFile)(process.execPath, args, { env }).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

async function empty(): Promise<void> {
  await shards.region('eu')?.redis.flushall();
}

it('brings back each claim, each answer and exactly the units that are left', { timeout: 120_000 }, async () => {
  const asked = Array.from({ length: 60 }, ask);
  const won = await Promise.all(asked.map((one) => claim(one)));
  expect(won).toMatchObject(asked.map(() => ({ reply: 'WON' })));
  const ids = asked.map(({ claimId }) => claimId);
  const written = async () =>
    (await database.pool.query('select from orders where drop_id = $1', [drop.id])).rowCount === asked.length;
  await eventually(written, { withinMs: 30_000 });

  const holds = createHolds({ shards, keys });
  const [sold, cancelled] = [ids.slice(0, 20), ids.slice(20, 21)];
  await holds.confirm(drop.id, 'eu', sold);
  await holds.release(drop.id, 'eu', cancelled, 'cancelled');
  for (const [status, orders] of [['CONFIRMED', sold] as const, ['CANCELLED', cancelled] as const]) {
    await database.pool.query('update orders set status = $2::order_status where id = any ($1::uuid[])', [
      orders,
      status,
    ]);
  }
  const move = { transferId: newId(), sku, units: 5, fromRegion: 'eu', toRegion: 'asia' };
  expect(await createTransfers({ shards, keys }).move(drop.id, move)).toBe('MOVED');

  const before = await ledger('eu');
  expect(before).toMatchObject({ held: 39, sold: 20, out: 5 });
  await empty();
  expect(await claim(ask())).toEqual({ reply: 'PAUSED' });
  expect(await claim(ask(), 'asia')).toMatchObject({ reply: 'WON' });

  const dry = await rebuild('--dry-run');
  expect(dry).toMatchObject({ code: 0, output: expect.stringContaining('1 transfers and 60 claims back') });
  expect(await claim(ask())).toEqual({ reply: 'PAUSED' });
  const done = await rebuild();
  expect(done).toMatchObject({ code: 0, output: expect.stringContaining('Every unit is accounted for.') });
  expect(await ledger('eu')).toEqual(before);
  for (const { claimId, holdUntilMs, ...who } of asked) {
    const repeat = await claim({ ...ask(), ...who });
    expect(repeat).toMatchObject({ reply: 'REPLAYED', claimId, holdUntilMs });
  }

  const left = before?.available ?? 0;
  const more = await Promise.all(Array.from({ length: left + 10 }, () => claim(ask())));
  expect(more.filter(({ reply }) => reply === 'WON')).toHaveLength(left);
  expect(more.filter(({ reply }) => reply === 'SOLD_OUT')).toHaveLength(10);
  expect(await rebuild()).toMatchObject({ code: 0, output: expect.stringContaining('Nothing of this drop is lost.') });
});

it('waits for what is in Kafka, and opens nothing before PostgreSQL knows it', { timeout: 120_000 }, async () => {
  await workers.kill();
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const publisher = await kafka.createPublisher();
  const { claimId, text } = wonEvent({ dropId: drop.id, sku, quantity: 1 });
  await publisher.publish([{ topic: `${kafkaServer.topicPrefix}claims.won`, key: claimId, value: text }]);
  await kafka.close();
  await empty();
  const refused = await rebuild('--wait', '0');
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('are not orders yet') });
  expect(await claim(ask())).toEqual({ reply: 'PAUSED' });
});

it('says which region it cannot do without', { timeout: 60_000 }, async () => {
  await euRedis.kill();
  const refused = await rebuild();
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('The Redis of eu cannot be reached') });
  await euRedis.restart();
});
