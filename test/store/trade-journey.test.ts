/**
 * From a cart to a partial return, over HTTP, with the store, the payments worker and the payment gateway as processes of
 * their own. After each step all money and all shelves must add up.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { createAccessTokens, type Role } from '../../platform/tokens/access-token.ts';
import { auditStore } from '../../scripts/audit/store/audit-store.ts';
import { renderStoreReport } from '../../scripts/audit/store/render.ts';
import { openWarehouse, stockGoods } from '../fixtures/confirmed-order.ts';
import { newId } from '../fixtures/drop.ts';
import { TEST_REGIONS } from '../fixtures/shards.ts';
import { useDatabase } from '../servers/database.ts';
import { type OurProcess, startOurProcess } from '../servers/dropgate.ts';
import { eventually } from '../servers/eventually.ts';
import { freePort } from '../servers/free-port.ts';
import { useKafka } from '../servers/kafka.ts';
import { GATEWAY_KEY, GATEWAY_WEBHOOK_SECRET, startTestGateway, type TestGateway } from '../servers/payment-gateway.ts';
import { useRedis } from '../servers/redis.ts';

const AUTH_SECRET = 'a secret of at least 32 characters';
const database = useDatabase();
const redis = useRedis();
const kafka = useKafka();
const tokens = createAccessTokens({ secret: AUTH_SECRET, clock: systemClock });
const processes: OurProcess[] = [];
let gateway: TestGateway | undefined;
let url = '';

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  gateway = await startTestGateway({ webhookUrl: `${url}/api/v1/payments/webhooks/stripe` });
  const env = {
    ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, AUTH_SECRET },
    ...{
      REGIONS: TEST_REGIONS.join(','),
      KAFKA_BROKERS: kafka.brokers.join(','),
      KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
    },
    ...{ PAYMENT_API_URL: gateway.url, PAYMENT_API_KEY: GATEWAY_KEY, PAYMENT_WEBHOOK_SECRET: GATEWAY_WEBHOOK_SECRET },
  };
  const start = async (entry: string, more = {}): Promise<void> => {
    processes.push(await startOurProcess(entry, { ...env, ...more, OPS_PORT: String(await freePort()) }));
  };
  await Promise.all([
    start('store-api/main.ts', { STORE_PORT: String(port) }),
    start('queue-workers/payments/main.ts'),
  ]);
}, 60_000);

afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await gateway?.end();
});

interface Person {
  readonly userId: string;
  readonly token: string;
}

async function person(role: Role): Promise<Person> {
  const userId = newId();
  await database.pool.query('insert into users (id, email, role) values ($1, $2, $3)', [
    userId,
    `${userId}@people.example`,
    role,
  ]);
  return { userId, token: (await tokens.issue({ userId, kind: 'user', role })).accessToken };
}

async function call(method: string, path: string, { token }: Person, body?: object) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': newId(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function addsUp(after: string): Promise<void> {
  const report = await auditStore(database.pool, Date.now());
  expect(report.verdict, `${after}: ${renderStoreReport(report)}`).toBe('ok');
}

async function sales(): Promise<number> {
  const { rows } = await database.pool.query<{ sales: number }>(
    `select coalesce(sum(balance_minor), 0)::float8 as sales from ledger_accounts where kind = 'sales'`,
  );
  return Math.abs(rows[0]?.sales ?? 0);
}

/** Of all warehouses together. */
async function onShelves(sku: string) {
  const { rows } = await database.pool.query(
    'select sum(on_hand)::float8 as "onHand", sum(reserved)::float8 as reserved from inventory where sku = $1',
    [sku],
  );
  return rows[0];
}

it('sells, sends in two parcels, delivers, takes a part back and refunds it', async () => {
  const [shopper, merchant] = [await person('shopper'), await person('merchant')];
  const { merchantId, pool } = { merchantId: merchant.userId, pool: database.pool };
  const [graz, lyon] = [await openWarehouse(pool, 'AT'), await openWarehouse(pool, 'FR')];
  const mug = await stockGoods(pool, { merchantId, shelves: { [graz]: 5 } });
  const bowl = await stockGoods(pool, { merchantId, title: 'Stoneware bowl', shelves: { [lyon]: 5 } });
  await addsUp('stocked');

  for (const { sku } of [mug, bowl]) await call('POST', '/cart/items', shopper, { sku, quantity: 2 });
  const checkout = await call('POST', '/cart/checkout', shopper, {
    address: { recipient: 'Ada Lovelace', line1: 'Herrengasse 1', city: 'Graz', postalCode: '8010', country: 'AT' },
    paymentMethod: { kind: 'card', token: 'pm_card_threeDSecure2Required' },
  });
  expect(checkout).toMatchObject({ status: 'OPEN', parcels: [{ items: [{}] }, { items: [{}] }] });
  expect(checkout.subtotal - checkout.discount + checkout.tax + checkout.shipping).toBe(checkout.total);
  expect(await onShelves(mug.sku)).toEqual({ onHand: 5, reserved: 2 });
  await addsUp('checked out');

  const { id } = await call('POST', '/orders', shopper, { checkoutId: checkout.id });
  expect(id).toBe(checkout.id);
  const orderUntil = async (looks: (order: { status: string; payments: { actionUrl: string | null }[] }) => boolean) =>
    await eventually(
      async () => {
        const order = await call('GET', `/orders/${id}`, shopper);
        return looks(order) ? order : false;
      },
      { withinMs: 30_000 },
    );
  const asked = await orderUntil(({ payments }) => typeof payments[0]?.actionUrl === 'string');
  expect(asked.status).toBe('PENDING');
  await addsUp('the bank asks');
  expect(await sales()).toBe(0);

  expect(
    (await fetch(`${asked.payments[0].actionUrl}/complete`, { method: 'POST', redirect: 'manual' })).status,
  ).toBeLessThan(400);
  const paid = await orderUntil(({ status }) => status === 'CONFIRMED');
  expect(paid).toMatchObject({ total: checkout.total, parcels: [{ status: 'PENDING' }, { status: 'PENDING' }] });
  expect(await onShelves(mug.sku)).toEqual({ onHand: 3, reserved: 0 });
  expect(await sales()).toBe(checkout.total);
  await addsUp('paid');
  expect((await call('GET', '/cart', shopper)).items).toEqual([]);

  const invoice = await fetch(`${url}/api/v1/orders/${id}/invoice`, {
    headers: { authorization: `Bearer ${shopper.token}` },
  });
  expect([invoice.status, invoice.headers.get('content-type')]).toEqual([200, 'application/pdf']);

  await call('POST', `/seller/orders/${id}/process`, merchant);
  const [first, second] = paid.parcels;
  const ship = (parcel: { id: string }) => call('POST', `/seller/shipments/${parcel.id}/ship`, merchant, {});
  expect(await ship(first)).toMatchObject({ orderStatus: 'PROCESSING', parcel: { status: 'SHIPPED' } });
  expect(await ship(second)).toMatchObject({ orderStatus: 'SHIPPED', parcel: { status: 'SHIPPED' } });
  const tracking = await call('GET', `/orders/${id}/tracking`, shopper);
  expect(tracking.parcels).toHaveLength(2);
  await addsUp('shipped');

  const deliver = (parcel: { id: string }) => call('POST', `/seller/shipments/${parcel.id}/deliver`, merchant, {});
  expect(await deliver(first)).toMatchObject({ orderStatus: 'SHIPPED' });
  expect(await deliver(second)).toMatchObject({ orderStatus: 'DELIVERED' });
  await addsUp('delivered');

  const { line } = paid.items.find(({ sku }: { sku: string }) => sku === mug.sku);
  const back = await call('POST', `/orders/${id}/returns`, shopper, {
    items: [{ line, quantity: 1 }],
    reason: 'Chipped',
  });
  expect(back).toMatchObject({ status: 'REQUESTED', items: [{ sku: mug.sku, quantity: 1 }] });
  await call('POST', `/returns/${back.id}/approve`, merchant, {});
  await addsUp('return approved');
  await call('POST', `/returns/${back.id}/receive`, merchant, { items: [{ line, sellable: 1 }] });
  await orderUntil(({ status }) => status === 'REFUNDED');
  expect(await onShelves(mug.sku)).toEqual({ onHand: 4, reserved: 0 });
  expect(await sales()).toBe(checkout.total - back.refund);
  const books = Object.values((await gateway?.books()) ?? {});
  expect(books).toMatchObject([{ captures: 1, capturedMinor: checkout.total, refundedMinor: back.refund, refunds: 1 }]);
  await addsUp('refunded');
}, 120_000);
