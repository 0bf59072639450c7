/**
 * From claims to paid orders, with a provider that declines, times out and loses webhooks, while everything on the way is
 * killed once. FAULT_CLAIMS says how many shoppers come: a few in each test run, 20,000 for the record.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProviders } from '../../../commerce/payments/providers.ts';
import type { DropDefinition } from '../../../contracts/drop.ts';
import { encodeEvent } from '../../../contracts/events/codec.ts';
import { allTopicNames, topicName } from '../../../contracts/topics.ts';
import { migrate } from '../../../db/migrate.ts';
import { insertDrop } from '../../../db/queries/insert-drop.ts';
import { systemClock } from '../../../platform/clock.ts';
import { connectKafka } from '../../../platform/connections/kafka.ts';
import { connectPostgres, type Database } from '../../../platform/connections/postgres.ts';
import { createDrops } from '../../../reservation-core/drops.ts';
import { auditDrop } from '../../../scripts/audit/audit-drop.ts';
import { renderReport } from '../../../scripts/audit/render.ts';
import { makeMerchant } from '../../db/make-merchant.ts';
import { liveDrop } from '../../fixtures/drop.ts';
import { silentLog, TEST_REGIONS, useShards } from '../../fixtures/shards.ts';
import { eventually } from '../../servers/eventually.ts';
import { useOwnKafka } from '../../servers/own-kafka.ts';
import { useOwnPostgres } from '../../servers/own-postgres.ts';
import { useRedis } from '../../servers/redis.ts';
import { type Crew, startCrew } from './crew.ts';
import { claimAll, makeShoppers } from './shoppers.ts';

const SHOPPERS = Number(process.env['FAULT_CLAIMS'] ?? 1_000);
const KAFKA_GONE_MS = Number(process.env['FAULT_KAFKA_GONE_MS'] ?? 3_000);
const UNITS = Math.floor(SHOPPERS * 0.95);
/** Twenty thousand payments by card take a while through sixty-four permits, a fiftieth of them ten seconds each. */
const withinMs = 60_000 + SHOPPERS * 20;
const API_KEY = 'sk_test_of_the_campaign';
const WEBHOOK_SECRET = 'whsec_of_the_campaign_only';

const redis = useRedis();
const kafkaServer = useOwnKafka();
const postgres = useOwnPostgres();
const core = useShards(redis);
const topicPrefix = 'faults.';
let database: Database;
let dataDir = '';
let crew: Crew | undefined;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dropgate-faults-'));
  database = connectPostgres({ url: postgres.url, max: 4, name: 'test', log: silentLog });
  await migrate({ databaseUrl: postgres.url });
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const topics = allTopicNames(topicPrefix).map(({ name: topic }) => ({ topic, partitions: 4, replication: 1 }));
  await kafka.ensureTopics(topics);
  await kafka.close();
  crew = await startCrew({
    ...{ REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, REGIONS: TEST_REGIONS.join(',') },
    ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: topicPrefix },
    ...{ DATABASE_URL: postgres.url, AUTH_SECRET: 'a secret of at least 32 characters', DATA_DIR: dataDir },
    ...{ PAYMENT_API_KEY: API_KEY, PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET },
  });
}, 120_000);

afterAll(async () => {
  await crew?.stop();
  await database.end();
  await rm(dataDir, { recursive: true, force: true });
});

const FAULTS = {
  declineRate: 0.05,
  timeoutRate: 0.02,
  webhookDuplicateRate: 0.02,
  webhookLostRate: 0.02,
  webhookShuffle: true,
};

/** The figures of a run, for whoever ran it. */
function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function orderFaults(faults: object): Promise<void> {
  const answer = await fetch(`${crew?.gatewayUrl}/_control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

async function openDrop(): Promise<DropDefinition> {
  const { merchantId, skus } = await makeMerchant(database);
  const half = Math.floor(UNITS / 2);
  const drop = liveDrop(Date.now(), {
    skus: [{ sku: skus[0], title: 'Sneaker 42', price: 4_900, allocation: { eu: UNITS - half, asia: half } }],
    perShopperLimit: 1,
    holdSeconds: 1_800,
  });
  expect(await insertDrop(database, { ...drop, merchantId })).toBe(true);
  await createDrops(core).publish(drop);
  return drop;
}

async function ordersOf(drop: DropDefinition): Promise<Readonly<Record<string, number>>> {
  const { rows } = await database.query<{ status: string; count: number }>(
    'select status::text, count(*)::int as count from orders where drop_id = $1 group by 1',
    [drop.id],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Who was declined has had their try: where too few are left for all units, the others are back in stock. */
function mostSold(counts: Readonly<Record<string, number>>): number {
  return Math.min(UNITS, SHOPPERS - (counts['CANCELLED'] ?? 0));
}

/** Declined units come back: those who were refused try again, until everything is sold or nobody is left. */
async function sellOut(drop: DropDefinition, during: () => Promise<void>) {
  const shoppers = await makeShoppers(database, drop, SHOPPERS);
  const first = claimAll({ ...core, shards: core.shards, drop, shoppers, pauseMs: 20 });
  const [{ won, refused, slowestMs }] = await Promise.all([first, during()]);
  const all = new Set(won);
  let waiting = refused;
  await eventually(
    async () => {
      const counts = await ordersOf(drop);
      const open = (counts['PENDING'] ?? 0) + (counts['REVIEW'] ?? 0);
      const known = Object.values(counts).reduce((sum, count) => sum + count, 0);
      expect({ open, known }).toEqual({ open: 0, known: all.size });
      const again = await claimAll({ ...core, shards: core.shards, drop, shoppers: waiting });
      for (const claimId of again.won) all.add(claimId);
      waiting = again.refused;
      return again.won.size === 0;
    },
    { withinMs, everyMs: 200 },
  );
  return { won: all, slowestMs };
}

async function audit(drop: DropDefinition) {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'audit', log: silentLog });
  const providers = createProviders({
    ...{ PAYMENT_API_URL: crew?.gatewayUrl ?? '', PAYMENT_API_KEY: API_KEY, PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET },
    ...{ PAYMENT_FALLBACK_API_URL: '', PAYMENT_FALLBACK_API_KEY: '', PAYMENT_FALLBACK_WEBHOOK_SECRET: '' },
    ...{ PAYMENT_CONCURRENCY: 4, PAYMENT_RETURN_URL: 'http://127.0.0.1/' },
  });
  try {
    const report = await auditDrop({
      ...{ database, kafka, topicPrefix, shards: core.shards, keys: core.keys, clock: systemClock, dropId: drop.id },
      ...{ providers: providers.names.flatMap((name) => providers.byName(name) ?? []), waitMs: withinMs },
    });
    expect(report.verdict, renderReport(report)).toBe('ok');
    return report;
  } finally {
    providers.close();
    await kafka.close();
  }
}

it(
  'sells every unit once with a provider that declines, times out, and repeats and loses webhooks',
  async () => {
    await orderFaults({ ...FAULTS, seed: 1 });
    const drop = await openDrop();
    const { won } = await sellOut(drop, async () => undefined);
    const report = await audit(drop);
    const counts = await ordersOf(drop);
    tell(`calm: ${won.size} claims, orders ${JSON.stringify(counts)}, totals ${JSON.stringify(report.totals)}`);
    expect(counts['CANCELLED']).toBeGreaterThan(0);
    expect(counts['CONFIRMED']).toBe(mostSold(counts));
  },
  10 * withinMs,
);

it(
  'keeps every promise while each part of the way is killed once',
  async () => {
    await orderFaults({ ...FAULTS, seed: 2 });
    const drop = await openDrop();
    const reached = (share: number) =>
      eventually(
        async () => {
          const counts = await ordersOf(drop);
          return Object.values(counts).reduce((sum, count) => sum + count, 0) >= share * UNITS;
        },
        { withinMs },
      );
    const { won } = await sellOut(drop, async () => {
      await reached(0.05);
      await crew?.replace('relay');
      await reached(0.15);
      await crew?.replace('orders');
      await reached(0.25);
      await crew?.replace('payments');
      await reached(0.35);
      await crew?.replace('gateway');
      await reached(0.45);
      await kafkaServer.kill();
      await kafkaServer.restart();
      await reached(0.55);
      await postgres.kill();
      await postgres.restart();
    });
    const report = await audit(drop);
    const counts = await ordersOf(drop);
    tell(`killed: ${won.size} claims, orders ${JSON.stringify(counts)}, totals ${JSON.stringify(report.totals)}`);
    expect(counts['CONFIRMED']).toBe(mostSold(counts));
  },
  10 * withinMs,
);

it(
  'goes on answering claims while Kafka is away, and catches up',
  async () => {
    await orderFaults({ ...FAULTS, timeoutRate: 0, seed: 3 });
    const drop = await openDrop();
    await kafkaServer.kill();
    const shoppers = await makeShoppers(database, drop, SHOPPERS);
    const { won, slowestMs } = await claimAll({ ...core, shards: core.shards, drop, shoppers });
    expect(won.size).toBe(UNITS);
    // Not to wait for anything: it is how long Kafka stays away.
    await delay(KAFKA_GONE_MS);
    expect(await ordersOf(drop)).toEqual({});
    await kafkaServer.restart();
    const startedAtMs = performance.now();
    await eventually(
      async () => {
        const counts = await ordersOf(drop);
        expect((counts['CONFIRMED'] ?? 0) + (counts['CANCELLED'] ?? 0)).toBe(won.size);
        return true;
      },
      { withinMs },
    );
    const caughtUpMs = Math.round(performance.now() - startedAtMs);
    await audit(drop);
    tell(`without Kafka: ${won.size} claims, slowest ${Math.round(slowestMs)} ms; caught up in ${caughtUpMs} ms`);
  },
  10 * withinMs,
);

it('makes one order and one payment of a claim that comes three times, with its webhooks five times and backwards', async () => {
  await orderFaults({ declineRate: 0, timeoutRate: 0, webhookDuplicateRate: 0, webhookLostRate: 0, seed: 4 });
  const drop = await openDrop();
  const [shopper] = await makeShoppers(database, drop, 1);
  if (shopper === undefined) throw new Error('nobody came');
  const { won } = await claimAll({ ...core, shards: core.shards, drop, shoppers: [shopper] });
  const [claimId = ''] = won;
  const { sku = '', title = '', price: unitPrice = 0 } = drop.skus[0] ?? {};
  const at = Date.now();
  const text = encodeEvent({
    ...{ type: 'claims.won', v: 2, id: claimId, at },
    data: {
      ...{ claimId, dropId: drop.id, region: 'eu', shopperId: shopper.id, sku, title, quantity: 1, unitPrice },
      ...{ key: claimId, currency: drop.currency, claimedAt: at, holdUntil: at + 1_800_000, payment: shopper.methodId },
    },
  });
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const publisher = await kafka.createPublisher();
  // The relay brings it a third time.
  const message = { topic: topicName(topicPrefix, 'claims.won'), key: claimId, value: text };
  await publisher.publish([message, message]);
  await kafka.close();
  const confirmed = () => eventually(async () => (await ordersOf(drop))['CONFIRMED'] === 1, { withinMs });
  await confirmed();
  const { rows } = await database.query<{ ref: string }>(
    'select provider_ref as ref from payments where order_id = $1',
    [claimId],
  );
  expect(rows).toHaveLength(1);
  const types = ['payment_intent.created', 'payment_intent.processing', 'payment_intent.succeeded'];
  for (const type of types.flatMap((one) => Array.from({ length: 5 }, () => one)).toReversed()) {
    expect(await deliverWebhook(type, rows[0]?.ref ?? '')).toBe(200);
  }
  await confirmed();
  const report = await audit(drop);
  expect(report.totals).toMatchObject({ duplicated: 0, chargedTwice: 0, chargedForNothing: 0 });
  expect(await ordersOf(drop)).toEqual({ CONFIRMED: 1 });
}, 60_000);

async function deliverWebhook(type: string, ref: string): Promise<number> {
  const object = { id: ref, object: 'payment_intent' };
  const payload = JSON.stringify({ id: `evt_${type}_${ref}`, object: 'event', type, data: { object } });
  const stripe = new Stripe('sk_test_none');
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET });
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  const answer = await fetch(crew?.webhookUrl ?? '', { method: 'POST', headers, body: payload });
  await answer.arrayBuffer();
  return answer.status;
}
