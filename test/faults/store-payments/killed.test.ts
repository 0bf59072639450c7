/**
 * Shoppers who check out, order, cancel and refund while the store and the payments worker are killed for real, again and
 * again. They repeat what was not answered with the same key, and in the end everything adds up.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { auditStore } from '../../../scripts/audit/store/audit-store.ts';
import { renderStoreReport } from '../../../scripts/audit/store/render.ts';
import { freePort } from '../../../scripts/servers/ports.ts';
import { openWarehouse, stockGoods } from '../../fixtures/confirmed-order.ts';
import { newId } from '../../fixtures/drop.ts';
import { textAt, valueAt } from '../../fixtures/told.ts';
import { useDatabase } from '../../servers/database.ts';
import { type OurProcess, startOurProcess } from '../../servers/dropgate.ts';
import { eventually } from '../../servers/eventually.ts';
import { useKafka } from '../../servers/kafka.ts';
import {
  GATEWAY_KEY,
  GATEWAY_WEBHOOK_SECRET,
  startTestGateway,
  type TestGateway,
} from '../../servers/payment-gateway.ts';
import { useRedis } from '../../servers/redis.ts';

const redis = useRedis();
const kafka = useKafka();
const database = useDatabase();
const AUTH_SECRET = 'a secret of thirty-two characters';
const tokens = createAccessTokens({ secret: AUTH_SECRET, clock: systemClock });
const SHOPPERS = 8;
const PURCHASES = 5;
const KILLS = 6;
const UNITS = 500;
const WITHIN_MS = 90_000;
const KILL_EVERY_MS = 700;
const ASK_AGAIN_MS = 100;
const CARDS = [
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_cutAfterCapture',
  'pm_card_chargeDeclined',
  'pm_card_processing',
];
const ADDRESS = { recipient: 'Ada', line1: 'Way 1', city: 'Berlin', postalCode: '10117', country: 'DE' };

let gateway: TestGateway;
let url = '';
let port = 0;
const running = new Map<string, OurProcess>();

async function start(entry: string): Promise<void> {
  const started = await startOurProcess(entry, {
    ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, AUTH_SECRET },
    ...{ KAFKA_BROKERS: kafka.brokers.join(','), KAFKA_TOPIC_PREFIX: kafka.topicPrefix },
    ...{ PAYMENT_API_URL: gateway.url, PAYMENT_API_KEY: GATEWAY_KEY, PAYMENT_WEBHOOK_SECRET: GATEWAY_WEBHOOK_SECRET },
    ...{ STORE_PORT: String(port), OPS_PORT: String(await freePort()) },
  });
  running.set(entry, started);
}

const STORE = 'store-api/main.ts';
const WORKER = 'queue-workers/payments/main.ts';

beforeAll(async () => {
  port = await freePort();
  url = `http://127.0.0.1:${port}/api/v1`;
  gateway = await startTestGateway({ webhookUrl: `${url}/payments/webhooks/stripe` });
  await Promise.all([start(STORE), start(WORKER)]);
}, 120_000);
afterAll(async () => {
  await Promise.all([...running.values()].map((one) => one.kill()));
  await gateway?.end();
});

interface Told {
  readonly status: number;
  readonly body: unknown;
}

/** Repeats the call with its key until it is answered: 409 KEY_IN_USE and a store that is gone are no answers. */
async function call(token: string, method: string, path: string, body?: object): Promise<Told> {
  const key = newId();
  const endsAtMs = performance.now() + WITHIN_MS;
  for (;;) {
    const told = await once({ token, method, path, key, ...(body === undefined ? {} : { body }) });
    if (told !== undefined) return told;
    if (performance.now() > endsAtMs) throw new Error(`${method} ${path} was not answered`);
    await delay(ASK_AGAIN_MS);
  }
}

interface Asked {
  readonly token: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly body?: object;
}

async function once({ token, method, path, key, body }: Asked): Promise<Told | undefined> {
  try {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...{ authorization: `Bearer ${token}`, 'idempotency-key': key },
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const told = text === '' ? undefined : JSON.parse(text);
    if (answer.status >= 500 || told?.code === 'KEY_IN_USE') return undefined;
    return { status: answer.status, body: told };
  } catch {
    return undefined;
  }
}

async function person(role: 'shopper' | 'support') {
  const userId = newId();
  await database.pool.query(
    `insert into users (id, email, role, created_at) values ($1, $2, $3, now() - interval '1 year')`,
    [userId, `${userId}@people.example`, role],
  );
  return (await tokens.issue({ userId, kind: 'user', role })).accessToken;
}

async function buy(token: string, sku: string, support: string, number: number): Promise<string | undefined> {
  await call(token, 'POST', '/cart/items', { sku, quantity: 1 });
  const checkout = await call(token, 'POST', '/cart/checkout', { address: ADDRESS });
  if (checkout.status !== 201) return undefined;
  const paymentMethod = { kind: 'card', token: CARDS[number % CARDS.length] ?? 'pm_card_visa' };
  const placed = await call(token, 'POST', '/orders', { checkoutId: textAt(checkout.body, 'id'), paymentMethod });
  expect([placed.status, valueAt(placed.body, 'id')]).toEqual([201, valueAt(checkout.body, 'id')]);
  if (number % 3 === 0) await call(token, 'PUT', `/orders/${textAt(placed.body, 'id')}/cancel`);
  if (number % 3 === 1)
    await call(support, 'POST', `/payments/${textAt(placed.body, 'id')}/refund`, { amount: 100, reason: 'late' });
  return textAt(placed.body, 'id');
}

async function killAll(done: AbortSignal): Promise<void> {
  for (let kill = 0; kill < KILLS && !done.aborted; kill += 1) {
    await delay(KILL_EVERY_MS, undefined, { signal: done }).catch(() => undefined);
    const entry = kill % 2 === 0 ? WORKER : STORE;
    await running.get(entry)?.kill();
    await start(entry);
  }
}

it('leaves nothing half done, whoever is killed when', { timeout: 240_000 }, async () => {
  const merchantId = newId();
  const here = await openWarehouse(database.pool);
  const { sku } = await stockGoods(database.pool, { merchantId, shelves: { [here]: UNITS } });
  const support = await person('support');
  const done = new AbortController();
  const killing = killAll(done.signal);
  const orders = await Promise.all(
    Array.from({ length: SHOPPERS }, async (_, shopper) => {
      const token = await person('shopper');
      const made: string[] = [];
      for (let number = 0; number < PURCHASES; number += 1) {
        const id = await buy(token, sku, support, shopper + number);
        if (id !== undefined) made.push(id);
      }
      return made;
    }),
  );
  done.abort();
  await killing;
  const ids = orders.flat();
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(SHOPPERS * PURCHASES);
  await eventually(
    async () => {
      const { rows } = await database.pool.query(
        `select (select count(*) from payments where due_at is not null)::int
           + (select count(*) from refunds where due_at is not null)::int as due`,
      );
      return rows[0]?.due === 0;
    },
    { withinMs: WITHIN_MS },
  );
  const report = await auditStore(database.pool, Date.now());
  expect(report.verdict, renderStoreReport(report)).toBe('ok');
  const books = await gateway.books();
  const { rows } = await database.pool.query<{ id: string; status: string; refunded: number }>(
    'select id, status, refunded_minor::float8 as refunded from payments',
  );
  expect(rows.length).toBe(ids.length);
  for (const { id, status, refunded } of rows) {
    const { captures = 0, refundedMinor = 0 } = books[id] ?? {};
    expect([id, captures, refundedMinor]).toEqual([id, status === 'CAPTURED' ? 1 : 0, refunded]);
  }
});
