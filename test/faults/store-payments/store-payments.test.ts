/** Orders of the store against real processes: a payment gateway, the store, payments workers that are killed for real. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOrder } from '../../../db/queries/find-order.ts';
import { moneyLedger } from '../../../db/queries/money-ledger.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { auditStore } from '../../../scripts/audit/store/audit-store.ts';
import { freePort } from '../../../scripts/servers/ports.ts';
import { newId } from '../../fixtures/drop.ts';
import {
  placeStoreOrder,
  type ShelfOfTest,
  type StoreOrderMade,
  shelfFigures,
  stockShelf,
} from '../../fixtures/store-order.ts';
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
const withinMs = 60_000;
/** Several processes are started, and a lease runs out. */
const TEST_MS = 120_000;
const BEFORE_ALL_MS = 120_000;
const running = new Set<OurProcess>();
let gateway: TestGateway;
let storeUrl: string;
let shelf: ShelfOfTest;

beforeAll(async () => {
  const storePort = await freePort();
  storeUrl = `http://127.0.0.1:${storePort}/api/v1`;
  gateway = await startTestGateway({ webhookUrl: `${storeUrl}/payments/webhooks/stripe` });
  await start('store-api/main.ts', { STORE_PORT: String(storePort) });
  shelf = await stockShelf(database.pool, 1_000);
}, BEFORE_ALL_MS);
afterAll(async () => {
  await Promise.all([...running].map((one) => one.kill()));
  await gateway?.end();
});

async function start(entry: string, changes: Readonly<Record<string, string>> = {}): Promise<OurProcess> {
  const started = await startOurProcess(entry, {
    ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, AUTH_SECRET },
    ...{ KAFKA_BROKERS: kafka.brokers.join(','), KAFKA_TOPIC_PREFIX: kafka.topicPrefix },
    ...{ PAYMENT_API_URL: gateway.url, PAYMENT_API_KEY: GATEWAY_KEY, PAYMENT_WEBHOOK_SECRET: GATEWAY_WEBHOOK_SECRET },
    OPS_PORT: String(await freePort()),
    ...changes,
  });
  running.add(started);
  return started;
}

const startPayments = () => start('queue-workers/payments/main.ts');
const place = (token: string): Promise<StoreOrderMade> =>
  placeStoreOrder(database.pool, shelf, { token, priceMinor: 1_500 });

async function becomes(orderId: string, status: string): Promise<number> {
  const sinceMs = performance.now();
  await eventually(async () => (await findOrder(database.pool, orderId))?.status === status, { withinMs });
  return Math.round(performance.now() - sinceMs);
}

async function call(shopperId: string, method: string, path: string, body?: object) {
  const { accessToken } = await tokens.issue({ userId: shopperId, kind: 'guest', role: 'shopper' });
  const response = await fetch(`${storeUrl}${path}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${accessToken}`, 'idempotency-key': newId() },
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const statusOf = async ({ shopperId }: StoreOrderMade, paymentId: string) =>
  (await call(shopperId, 'GET', `/payments/${paymentId}/status`)).body;

describe('a payments worker that is killed after the money was taken and before the order was confirmed', {
  timeout: TEST_MS,
}, () => {
  it('is followed by another that confirms it, without taking the money again', async () => {
    const order = await place('pm_card_visa');
    const locker = await database.pool.connect();
    await locker.query('begin');
    await locker.query('select from orders where id = $1 for update', [order.orderId]);
    const first = await startPayments();
    await eventually(async () => (await statusOf(order, order.orderId)).status === 'CAPTURED', { withinMs });
    await first.kill();
    running.delete(first);
    const killedAtMs = performance.now();
    await locker.query('rollback');
    locker.release();
    expect((await findOrder(database.pool, order.orderId))?.status).toBe('PENDING');
    const second = await startPayments();
    await becomes(order.orderId, 'CONFIRMED');
    const tookMs = Math.round(performance.now() - killedAtMs);
    process.stdout.write(`killed between capture and confirmation: mended after ${tookMs} ms\n`);
    expect((await gateway.books())[order.orderId]).toMatchObject({ captures: 1, capturedMinor: 1_500, refunds: 0 });
    expect(await moneyLedger(database.pool, order.orderId)).toMatchObject([
      { account: 'clearing', provider: 'stripe', amountMinor: -1_500 },
      { account: 'sales', amountMinor: 1_500 },
    ]);
    await second.stop();
    running.delete(second);
  });
});

describe('a payment of an order of the store', { timeout: TEST_MS }, () => {
  beforeAll(async () => {
    await startPayments();
    await start('queue-workers/reservations/main.ts');
  }, BEFORE_ALL_MS);

  it('waits for 3-D Secure, and goes on with the webhook', async () => {
    const order = await place('pm_card_threeDSecure2Required');
    const { actionUrl } = await eventually(
      async () => {
        const status = await statusOf(order, order.orderId);
        return typeof status.actionUrl === 'string' ? status : false;
      },
      { withinMs },
    );
    const { rows } = await database.pool.query('select provider_ref as ref from payments where id = $1', [
      order.orderId,
    ]);
    expect(actionUrl).toContain(rows[0].ref);
    await fetch(`${gateway.url}/_bank/${rows[0].ref}/complete`, { method: 'POST', redirect: 'manual' });
    const tookMs = await becomes(order.orderId, 'CONFIRMED');
    process.stdout.write(`from the bank's yes to the confirmed order: ${tookMs} ms\n`);
    expect(await statusOf(order, order.orderId)).toMatchObject({ status: 'CAPTURED', actionUrl: null });
  });

  it('is tried with another card after one was declined', async () => {
    const order = await place('pm_card_chargeDeclinedInsufficientFunds');
    await eventually(async () => (await statusOf(order, order.orderId)).status === 'FAILED', { withinMs });
    expect(await statusOf(order, order.orderId)).toMatchObject({
      failure: 'insufficient_funds',
      orderStatus: 'PENDING',
    });
    const { orderId, shopperId } = order;
    const body = { orderId, paymentMethod: { kind: 'card', token: 'pm_card_visa' } };
    const again = await call(shopperId, 'POST', '/payments/process', body);
    expect(again.status).toBe(202);
    await becomes(orderId, 'CONFIRMED');
    expect(await statusOf(order, again.body.id)).toMatchObject({ status: 'CAPTURED', amount: 1_500 });
    expect((await gateway.books())[orderId]).toMatchObject({ captures: 0 });
  });

  it('is not made after the time of its order is over', async () => {
    const order = await place('pm_card_chargeDeclined');
    await eventually(async () => (await statusOf(order, order.orderId)).status === 'FAILED', { withinMs });
    await database.pool.query('update orders set hold_until = now() where id = $1', [order.orderId]);
    await database.pool.query('update reservations set expires_at = now() where order_id = $1', [order.orderId]);
    await becomes(order.orderId, 'CANCELLED');
    const body = { orderId: order.orderId, paymentMethod: { kind: 'card', token: 'pm_card_visa' } };
    const again = await call(order.shopperId, 'POST', '/payments/process', body);
    expect([again.status, again.body.code]).toEqual([409, 'ORDER_NOT_PAYABLE']);
  });

  it('is refunded in parts at the gateway, and the books agree', async () => {
    const order = await place('pm_card_visa');
    await becomes(order.orderId, 'CONFIRMED');
    const admin = newId();
    await database.pool.query(`insert into users (id, email, role) values ($1, 'admin@people.example', 'admin')`, [
      admin,
    ]);
    const { accessToken } = await tokens.issue({ userId: admin, kind: 'user', role: 'admin' });
    for (const amount of [500, 400]) {
      const answer = await fetch(`${storeUrl}/payments/${order.orderId}/refund`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${accessToken}`, 'idempotency-key': newId() },
          'content-type': 'application/json',
        },
        body: JSON.stringify({ amount, reason: 'a scratch' }),
      });
      expect(answer.status).toBe(202);
    }
    await eventually(async () => (await statusOf(order, order.orderId)).refunded === 900, { withinMs });
    expect((await gateway.books())[order.orderId]).toMatchObject({
      capturedMinor: 1_500,
      refundedMinor: 900,
      refunds: 2,
    });
    const lines = await moneyLedger(database.pool, order.orderId);
    expect(
      lines
        .filter(({ account }) => account === 'sales')
        .map(({ amountMinor }) => amountMinor)
        .sort(),
    ).toEqual([...[-400, -500, 1_500]]);
  });

  it('leaves a ledger that adds up', async () => {
    const report = await auditStore(database.pool, Date.now());
    expect(report.lines.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
    expect(await shelfFigures(database.pool, shelf)).toEqual({ onHand: 996, reserved: 0, moved: 996 });
  });
});
