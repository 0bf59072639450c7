/** From a shopper who searches to the page of the merchant, through a real Kafka. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { topicName } from '../../contracts/topics.ts';
import { createPostgresAnalytics } from '../../db/analytics/postgres.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka, type Kafka } from '../../platform/connections/kafka.ts';
import { countBatch } from '../../queue-workers/analytics/count-batch.ts';
import { createEventMaker } from '../../queue-workers/payments/events.ts';
import { startPayments } from '../../queue-workers/payments/payments.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { createFigures, type SentFigures } from '../../store-api/figures/figures.ts';
import { checkOut, fillCart, order, stock } from '../fixtures/checkout.ts';
import { scriptedProvider } from '../fixtures/scripted-provider.ts';
import { silentLog, useShards } from '../fixtures/shards.ts';
import { useStore } from '../fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../fixtures/told.ts';
import { eventually } from '../servers/eventually.ts';
import { useKafka } from '../servers/kafka.ts';
import { useRedis } from '../servers/redis.ts';

const servers = useKafka();
const core = useShards(useRedis());
const nextId = createIdSource(systemClock);
let kafka: Kafka | undefined;
let figures: SentFigures | undefined;
const store = useStore({ figures: { note: (...told) => figures?.note(...told) } });
const ending: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ending.reverse()) await end();
});

beforeAll(async () => {
  const { topicPrefix } = servers;
  const opened = connectKafka({ brokers: servers.brokers, clientId: 'figures', log: silentLog });
  kafka = opened;
  ending.push(() => opened.close());
  const topic = topicName(topicPrefix, 'analytics.event');
  await opened.ensureTopics([{ topic, partitions: 2, replication: 1 }]);
  const unheard = { sent: () => undefined, dropped: () => undefined };
  const sent = createFigures({
    ...{ openPublisher: () => opened.createPublisher(), topicPrefix, nextId, clock: systemClock, log: silentLog },
    ...{ everyMs: 10, metrics: unheard },
  });
  figures = sent;
  ending.push(() => sent.stop());
  const counter = {
    ...{
      database: store.database.pool,
      store: createPostgresAnalytics(store.database.pool),
      clock: systemClock,
      nextId,
    },
    ...{ merchants: new Map<string, string>(), metrics: { counted: () => undefined, passedOver: () => undefined } },
  };
  const subscription = await opened.subscribe({
    ...{ groupId: `${topicPrefix}analytics`, topics: [topic], fromBeginning: true },
    onBatch: (messages) => countBatch(counter, messages),
  });
  ending.push(() => subscription.stop());
  const provider = {
    ...scriptedProvider('stripe'),
    charge: async ({ paymentId }: { readonly paymentId: string }) =>
      ({ state: 'captured', ref: `pi_${paymentId}` }) as const,
  };
  const payments = startPayments({
    ...{ database: store.database.pool, nextId, clock: systemClock, log: silentLog, holds: createHolds(core) },
    events: createEventMaker({ nextId, clock: systemClock }),
    providers: { choose: () => provider, byName: () => provider },
    metrics: { result: () => undefined, step: () => undefined, failed: () => undefined },
    submit: (_provider, task) => void task(),
  });
  ending.push(() => payments.stop());
}, 60_000);

/** What the outbox worker does. */
async function publishOutbox(): Promise<void> {
  const { rows } = await store.database.pool.query<{ key: string; value: string }>(
    `delete from outbox where topic = 'analytics.event' returning key, payload as value`,
  );
  const publisher = await kafka?.createPublisher();
  const topic = topicName(servers.topicPrefix, 'analytics.event');
  await publisher?.publish(rows.map((row) => ({ topic, ...row })));
  await publisher?.close();
}

it('shows a merchant what shoppers did, to the order that was paid', async () => {
  const merchant = await store.person('merchant');
  const [buyer, looker] = [await store.person(), await store.guest()];
  const goods = await stock(store, { merchantId: merchant.userId, priceMinor: 2_500, onHand: 9, title: 'Kettle' });
  await store.call('GET', '/api/v1/search/products?q=kettle', { token: buyer.token });
  for (const { token } of [buyer, looker, looker]) {
    const body = { productId: goods.productId, from: 'search' };
    const looked = await store.call('POST', '/api/v1/search/views', { token, body });
    expect(looked.status).toBe(204);
  }
  await fillCart(store, buyer, goods.sku, 2);
  const checkout = await checkOut(store, buyer);
  const placed = await order(store, buyer, textAt(checkout.body, 'id'));
  expect(placed.status).toBe(201);
  const orderId: string = textAt(placed.body, 'id');
  await eventually(async () => (await findOrder(store.database.pool, orderId))?.status === 'CONFIRMED', {
    withinMs: 30_000,
  });
  await publishOutbox();

  const { token } = merchant;
  const path = '/api/v1/seller/analytics';
  const told = (what: string) => store.call('GET', `${path}/${what}`, { token });
  await eventually(async () => valueAt((await told('conversion')).body, 'totals', 'orders') === 1, {
    withinMs: 30_000,
  });
  await eventually(async () => valueAt((await told('conversion')).body, 'totals', 'views') === 3, { withinMs: 30_000 });
  expect(valueAt((await told('conversion')).body, 'totals')).toEqual({
    ...{ views: 3, cartAdds: 1, checkouts: 1, placed: 1, orders: 1, cancelled: 0, conversion: 1 / 3 },
  });
  const total = numberAt(placed.body, 'total');
  const revenue = await told('revenue?step=day&timezone=Europe/Vienna');
  expect(valueAt(revenue.body, 'currencies')).toMatchObject([
    { currency: 'EUR', totals: { gross: total, orders: 1, units: 2 } },
  ]);
  const funnel = await told('funnel');
  expect(listAt(funnel.body, 'stages').map((one) => numberAt(one, 'shoppers'))).toEqual([2, 1, 1, 1, 1]);
  const products = await told('products?by=revenue&currency=EUR');
  expect(valueAt(products.body, 'items')).toMatchObject([
    { title: 'Kettle', views: 3, cartAdds: 1, units: 2, money: [{ revenue: total, refunds: 0 }] },
  ]);
  const admin = await store.person('admin');
  const all = await store.database.pool.query(`select name from figures where grain = 'all' and name = 'search.done'`);
  expect(all.rowCount).toBe(1);
  const whole = await store.call('GET', `${path}/revenue`, { token: admin.token });
  expect(valueAt(whole.body, 'currencies')).toMatchObject([{ totals: { gross: total } }]);
}, 90_000);
