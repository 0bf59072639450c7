/** One merchant's drop, from the product to the books, with the processes as they run. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LineClient, openLineClient } from '../../contracts/client/line-client.ts';
import { allTopicNames } from '../../contracts/topics.ts';
import { topUpWallets } from '../../db/queries/top-up-wallet.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { freePort } from '../../scripts/servers/ports.ts';
import { newId } from '../fixtures/drop.ts';
import { shelve, shelvesOf } from '../fixtures/seller-drops.ts';
import { silentLog } from '../fixtures/shards.ts';
import { foundAt, listAt, textAt, valueAt } from '../fixtures/told.ts';
import { useDatabase } from '../servers/database.ts';
import { type OurProcess, startOurProcess } from '../servers/dropgate.ts';
import { eventually } from '../servers/eventually.ts';
import { useKafka } from '../servers/kafka.ts';
import { useRedis } from '../servers/redis.ts';
import { startTraceCollector, type TraceCollector } from '../servers/trace-collector.ts';

const REGIONS = ['us-east', 'us-west', 'eu', 'asia'] as const;
const [UNITS, SHOPPERS, PRICE_MINOR] = [100, 130, 2_500];
const redis = useRedis();
const kafkaServer = useKafka();
const database = useDatabase();
const secret = 'a secret of at least 32 characters';
const tokens = createAccessTokens({ secret, clock: systemClock });
const running: OurProcess[] = [];
const clients: LineClient[] = [];
const withinMs = 60_000;
let collector: TraceCollector;
let api = '';
let edgeUrl = '';
let token = '';

beforeAll(async () => {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => name);
  await kafka.ensureTopics(names.map((topic) => ({ topic, partitions: 2, replication: 1 })));
  await kafka.close();
  collector = await startTraceCollector();
  const [edgePort, storePort] = [await freePort(), await freePort()];
  const environment = {
    ...{ REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, REGIONS: REGIONS.join(','), DATABASE_URL: database.url },
    ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix },
    ...{ AUTH_SECRET: secret, PASS_SECRET: secret, EDGE_PORT: String(edgePort), STORE_PORT: String(storePort) },
    ...{ TRACES_URL: collector.url, TRACES_ONE_IN: '1' },
  };
  for (const entry of ['store-api/main.ts', 'queue-workers/main.ts', 'edge/main.ts']) {
    running.push(await startOurProcess(entry, { ...environment, OPS_PORT: String(await freePort()) }));
  }
  api = `http://127.0.0.1:${storePort}/api/v1`;
  edgeUrl = `ws://127.0.0.1:${edgePort}`;
}, 120_000);
afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all(running.map((one) => one.kill()));
  await collector?.close();
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${token}`, 'idempotency-key': newId() },
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined };
}

async function expectOk(method: string, path: string, body?: unknown) {
  const answer = await call(method, path, body);
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  return answer.body;
}

/** A merchant with a product of 70 units in one warehouse and 50 in another. */
async function listProduct(): Promise<string> {
  const [merchantId, categoryId, name] = [newId(), newId(), newId()];
  await database.pool.query(`insert into users (id, role) values ($1, 'merchant')`, [merchantId]);
  await database.pool.query(`insert into categories (id, slug, name) values ($1, $2, 'Shoes')`, [
    categoryId,
    categoryId,
  ]);
  token = (await tokens.issue({ userId: merchantId, kind: 'user', role: 'merchant' })).accessToken;
  const sku = `SNEAKER-${name}`;
  const variants = [{ sku, title: 'Black, 42', attributes: { size: '42' }, price: 3_000, currency: 'USD' }];
  await expectOk('POST', '/products', {
    slug: `sneaker-${name}`,
    title: 'Sneaker',
    categoryId,
    status: 'active',
    variants,
  });
  await shelve(database.pool, sku, 70);
  await shelve(database.pool, sku, 50);
  return sku;
}

async function makeShoppers(): Promise<{ readonly id: string; readonly methodId: string }[]> {
  const shoppers = Array.from({ length: SHOPPERS }, () => ({ id: newId(), methodId: newId() }));
  const ids = shoppers.map(({ id }) => id);
  await withTransaction(database.pool, async (client) => {
    const old = `now() - interval '30 days'`;
    await client.query(`insert into users (id, created_at) select id, ${old} from unnest($1::uuid[]) as u (id)`, [ids]);
    await client.query(
      `insert into payment_methods (id, user_id, kind, is_default)
       select id, user_id, 'wallet', true from unnest($1::uuid[], $2::uuid[]) as m (id, user_id)`,
      [shoppers.map(({ methodId }) => methodId), ids],
    );
    const topUp = { currency: 'USD', amountMinor: 100_000 };
    await topUpWallets(
      client,
      ids.map((ownerId) => ({ id: newId(), ownerId, ...topUp })),
    );
  });
  return shoppers;
}

/** From the socket to the news of it, as told by three processes. */
const STEPS = [
  ...['dropgate-edge: claim', 'dropgate-workers: relay', 'dropgate-workers: order written'],
  ...[
    'dropgate-workers: payment: wallets',
    'dropgate-workers: payment: confirm',
    'dropgate-workers: told: order.status',
  ],
];
const stepsOf = (orderId: string): string[] =>
  collector.spans
    .filter(({ traceId }) => traceId === orderId.replaceAll('-', ''))
    .map(({ service, name }) => `${service}: ${name}`);

async function buy(dropId: string, sku: string, shopper: { id: string; methodId: string }, at: number) {
  const { accessToken } = await tokens.issue({ userId: shopper.id, kind: 'user', role: 'shopper' });
  const region = REGIONS[at % REGIONS.length] ?? 'eu';
  const client = openLineClient({ urls: edgeUrl, dropId, region, token: async () => accessToken });
  clients.push(client);
  return await client.claim({ sku, qty: 1, payment: shopper.methodId });
}

async function watch(dropId: string): Promise<{ readonly seen: unknown[]; readonly isOver: () => boolean }> {
  const headers = { authorization: `Bearer ${token}` };
  const asked = request(`${api}/seller/drops/${dropId}/live`, { agent: false, headers });
  asked.on('error', () => undefined).end();
  const [response]: IncomingMessage[] = await once(asked, 'response');
  if (response === undefined) throw new Error('there was no answer');
  const seen: unknown[] = [];
  let [text, isOver] = ['', false];
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (?<json>.*)$/m.exec(block)?.groups?.['json'];
      if (data !== undefined) seen.push(JSON.parse(data));
    }
  });
  response.on('close', () => {
    isOver = true;
  });
  return { seen, isOver: () => isOver };
}

it('a merchant sells a drop of 100 to 130 shoppers, watches it, ends it, and has the books', {
  timeout: 180_000,
}, async () => {
  const sku = await listProduct();
  const allocation = Object.fromEntries(REGIONS.map((region) => [region, UNITS / REGIONS.length]));

  const impossible = {
    sku,
    allocation: { ...allocation, mars: 50 },
    startsAt: Date.now() - 60_000,
    perShopperLimit: 0,
  };
  const problems = listAt(await expectOk('POST', '/seller/drops/check', impossible), 'problems');
  expect(
    listAt(problems)
      .map((one) => textAt(one, 'code'))
      .toSorted(),
  ).toEqual([...['LIMIT_OUT_OF_RANGE', 'NOT_ENOUGH_STOCK', 'START_PAST', 'UNKNOWN_REGION']]);

  const startsAt = Date.now() + 6_000;
  const form = {
    ...{ title: 'Midnight drop', sku, price: PRICE_MINOR, allocation, startsAt, lobbyOpensAt: Date.now() },
    ...{ perShopperLimit: 1, challenge: 'off', passSeconds: 60 },
  };
  const id = textAt(await expectOk('POST', '/seller/drops', form), 'id');
  await expectOk('POST', `/seller/drops/${id}/schedule`);
  const isPublished = async () =>
    valueAt(await expectOk('GET', `/seller/drops/${id}`), 'publication', 'isPublished') === true;
  await eventually(isPublished, { withinMs, everyMs: 100 });

  const live = await watch(id);
  const shoppers = await makeShoppers();
  const won: string[] = [];
  // Who gets none waits for what may come back: nobody waits for them here.
  for (const [at, shopper] of shoppers.entries()) {
    void buy(id, sku, shopper, at).then(({ t }) => t === 'claimed' && won.push(shopper.id));
  }
  await eventually(async () => live.seen.some((one) => foundAt(one, 'orders', 'CONFIRMED') === UNITS), {
    withinMs,
    everyMs: 200,
  });
  expect(live.seen.at(-1)).toMatchObject({
    ...{ state: 'sold-out', totals: { available: 0, held: 0, sold: UNITS }, unreachable: [] },
    conversion: { queued: SHOPPERS, claimed: UNITS, paid: UNITS },
  });
  expect(await expectOk('GET', `/seller/drops/${id}/ledger`)).toMatchObject({ verdict: 'ok' });
  expect(valueAt(await expectOk('GET', `/seller/drops/${id}/fairness`), 'caps')).toMatchObject({ ok: true });

  await expectOk('POST', `/seller/drops/${id}/end`);
  const isSettled = async () => valueAt(await expectOk('GET', `/seller/drops/${id}`), 'settledAt') !== null;
  await eventually(isSettled, { withinMs, everyMs: 200 });
  await eventually(async () => live.isOver(), { withinMs, everyMs: 50 });
  expect(live.seen.at(-1)).toMatchObject({ state: 'ended' });
  const ledger = await expectOk('GET', `/seller/drops/${id}/ledger`);
  expect(valueAt(ledger, 'verdict')).toBe('ok');
  expect(valueAt(ledger, 'identities')).toContainEqual(
    expect.objectContaining({ identity: 'settled', left: UNITS, right: UNITS, verdict: 'ok' }),
  );
  // What is sold lies there until it is sent; the rest of the shelves is free again.
  const shelves = Object.values(await shelvesOf(database.pool, sku));
  expect(shelves.map(({ onHand, reserved }) => [onHand, reserved]).toSorted()).toEqual([
    [50, 30],
    [70, 70],
  ]);
  const { text } = await call('GET', `/seller/drops/${id}/result.csv`);
  const [, ...lines] = text.trimEnd().split('\n');
  expect(lines).toHaveLength(UNITS);
  expect(lines.every((line) => line.includes(',CONFIRMED,CAPTURED,'))).toBe(true);
  const anOrder = lines[0]?.split(',')[0] ?? '';
  await eventually(async () => STEPS.every((step) => stepsOf(anOrder).includes(step)), { withinMs, everyMs: 100 });
});
