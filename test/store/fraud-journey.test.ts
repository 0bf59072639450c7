/** Suspicious orders of drops and of the store, from the judgement with a model to the decision of a person. */
import { describe, expect, it } from 'vitest';
import { generateOrders } from '../../commerce/fraud/generated.ts';
import { trainModel } from '../../commerce/fraud/train.ts';
import type { Charge } from '../../commerce/payments/provider.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { systemClock } from '../../platform/clock.ts';
import { assessClaims } from '../../queue-workers/orders/assess.ts';
import { writeOrders } from '../../queue-workers/orders/orders.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { checkOut, fillCart, order, type Shopper, stock } from '../fixtures/checkout.ts';
import { newId } from '../fixtures/drop.ts';
import { received, wonEvent } from '../fixtures/events.ts';
import { useRunningPayments } from '../fixtures/running-payments.ts';
import { openSale } from '../fixtures/sale.ts';
import { scriptedProvider } from '../fixtures/scripted-provider.ts';
import { silentLog, useShards } from '../fixtures/shards.ts';
import { useStore } from '../fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../fixtures/told.ts';
import { eventually } from '../servers/eventually.ts';
import { useRedis } from '../servers/redis.ts';

const made = generateOrders({ orders: 3_000, seed: 5, untilMs: 1_800_000_000_000 });
/** Five points for everybody, so that what it says is in every review. */
const model = { version: 7, model: trainModel(made, { ridge: 0.001, points: [{ from: 0, points: 5 }] }) };
const store = useStore({ fraud: { model: () => model, begin: async () => undefined } });
const core = useShards(useRedis());
const startPayments = useRunningPayments({ database: store.database, core });
const captured = async ({ paymentId }: Charge) => ({ state: 'captured', ref: `pi_${paymentId}` }) as const;
const pay = () => startPayments([{ ...scriptedProvider('stripe'), charge: captured }]);

/** A new account whose device is known for nothing good. */
async function suspect(): Promise<Shopper> {
  const who = await store.person();
  await flag(who.userId);
  return who;
}
const flag = (userId: string) =>
  store.database.pool.query(`insert into risk_flags (user_id, flag) values ($1, 'suspicious-device')`, [userId]);
const becomes = (id: string, status: string) =>
  eventually(
    async () => {
      const found = await findOrder(store.database.pool, id);
      return found?.status === status ? found : false;
    },
    { withinMs: 20_000 },
  );

async function staff() {
  const { token } = await store.person('support');
  return {
    list: async () => (await store.call('GET', '/api/v1/admin/order-reviews?limit=100', { token })).body,
    get: (id: string) => store.call('GET', `/api/v1/admin/order-reviews/${id}`, { token }),
    decide: async (id: string, decision: string) =>
      (await store.call('POST', `/api/v1/admin/order-reviews/${id}/decide`, { token, body: { decision } })).status,
  };
}

/** Claims of a running sale, written as the orders worker does it. */
async function sale() {
  const opened = await openSale({ ...core, shards: core.shards, database: store.database.pool });
  return {
    ledger: opened.ledger,
    async buy(shopperId: string, payment: string | null = null): Promise<string> {
      const claimId = await opened.claim(shopperId);
      const won = { claimId, dropId: opened.drop.id, shopperId, quantity: 1, unitPrice: opened.priceMinor, payment };
      await writeOrders([received(claimId, wonEvent(won).text)], {
        ...{ database: store.database.pool, topicPrefix: 'none', holds: createHolds(core), log: silentLog },
        ...{ nextId: createIdSource(systemClock), clock: systemClock, model: () => model },
        assessor: { assess: async (task) => assessClaims(task) },
        publisher: { publish: () => Promise.reject(new Error('nothing is dead')), close: async () => undefined },
        metrics: {
          committed: () => undefined,
          flagged: () => undefined,
          unreleased: () => undefined,
          dead: () => undefined,
        },
      });
      return claimId;
    },
  };
}
async function cardOf({ userId }: Shopper): Promise<string> {
  const id = newId();
  await store.database.pool.query(
    `insert into payment_methods (id, user_id, kind, provider_token) values ($1, $2, 'card', 'pm_good')`,
    [id, userId],
  );
  return id;
}

describe('an order of a drop in review', () => {
  it('is paid once it is approved, and its unit is for others once it is rejected', async () => {
    const [good, bad, support, drop] = [await suspect(), await suspect(), await staff(), await sale()];
    const approved = await drop.buy(good.userId, await cardOf(good));
    const rejected = await drop.buy(bad.userId, await cardOf(bad));
    expect(await drop.ledger()).toMatchObject({ held: 2, sold: 0 });
    pay();
    const told = await support.list();
    const items = valueAt(told, 'items');
    const waiting = valueAt(told, 'waiting');
    expect(items).toHaveLength(2);
    expect(valueAt(items, 0)).toMatchObject({
      source: 'drop',
      facts: { units: 1, isGuest: false, accountsOnDevice: null },
    });
    expect(waiting).toMatchObject({ count: 2, underHour: 2, underDay: 0, older: 0 });
    expect(await support.decide(approved, 'approved')).toBe(204);
    expect(await support.decide(rejected, 'rejected')).toBe(204);
    expect((await becomes(approved, 'CONFIRMED')).payments).toMatchObject([{ status: 'CAPTURED' }]);
    expect((await becomes(rejected, 'CANCELLED')).history.at(-1)).toMatchObject({ reason: 'rejected' });
    expect(await drop.ledger()).toMatchObject({ held: 0, sold: 1 });
    expect(valueAt(await support.list(), 'waiting')).toEqual({
      count: 0,
      underHour: 0,
      underDay: 0,
      older: 0,
      oldestAt: null,
    });
    expect((await support.get(rejected)).body).toMatchObject({ decision: 'rejected', orderStatus: 'CANCELLED' });
  });

  it('that was blocked can be explained as well', async () => {
    const [who, support, drop] = [await suspect(), await staff(), await sale()];
    const ids: string[] = [];
    for (let bought = 0; bought < 6; bought += 1) ids.push(await drop.buy(who.userId));
    const last = await support.get(ids.at(-1) ?? '');
    expect(last.body, last.text).toMatchObject({ decision: 'rejected', decidedBy: 'orders', orderStatus: 'CANCELLED' });
    expect(valueAt(last.body, 'signals')).toContainEqual({ signal: 'many-orders', points: 25 });
    expect(valueAt(last.body, 'facts', 'ordersWithinHour')).toBe(6);
    expect(await support.decide(ids.at(-1) ?? '', 'approved')).toBe(404);
    expect(await drop.ledger()).toMatchObject({ held: 5 });
  });
});

describe('an order of the store in review', () => {
  async function buy(who: Shopper, quantity = 1) {
    const { sku } = await stock(store, { onHand: 50 });
    await fillCart(store, who, sku, quantity);
    const placed = await order(store, who, textAt((await checkOut(store, who)).body, 'id'));
    return placed;
  }

  it('says why: facts, points, and what the model went by', async () => {
    const [who, support] = [await suspect(), await staff()];
    const { body: placed } = await buy(who, 3);
    expect(placed).toMatchObject({
      status: 'REVIEW',
      review: { message: expect.stringContaining('Nothing is charged') },
    });
    // Who tries how far they can go is not told how close they came.
    expect(JSON.stringify(placed)).not.toMatch(/score|signal|suspicious/);
    const items = listAt(await support.list(), 'items');
    const shown = items.find((one) => textAt(one, 'orderId') === valueAt(placed, 'id'));
    expect(valueAt(shown, 'facts')).toMatchObject({
      units: 3,
      earlierOrders: 0,
      failedPayments: 0,
      flags: ['suspicious-device'],
    });
    expect(valueAt(shown, 'model')).toMatchObject({ version: 7 });
    expect(valueAt(shown, 'model', 'contributions')).toHaveLength(5);
    const points = listAt(shown, 'signals').reduce<number>((sum, one) => sum + numberAt(one, 'points'), 0);
    expect(points).toBe(valueAt(shown, 'score'));
    expect(valueAt(shown, 'signals')).toContainEqual({ signal: 'model', points: valueAt(shown, 'model', 'points') });
    expect(await support.decide(textAt(placed, 'id'), 'approved')).toBe(204);
    pay();
    await becomes(textAt(placed, 'id'), 'CONFIRMED');
    const after = await store.call('GET', `/api/v1/orders/${textAt(placed, 'id')}`, { token: who.token });
    expect(valueAt(after.body, 'review')).toBeNull();
  });

  it('goes through where nobody has anything against it, whatever the model thinks', async () => {
    const { body } = await buy(await store.person());
    expect(body).toMatchObject({ status: 'PENDING', review: null });
  });

  it('is nobody’s to read but of those who decide', async () => {
    const { body } = await buy(await suspect());
    const merchant = await store.person('merchant');
    const read = await store.call('GET', `/api/v1/admin/order-reviews/${textAt(body, 'id')}`, {
      token: merchant.token,
    });
    expect(read.status).toBe(403);
    expect((await (await staff()).get(newId())).status).toBe(404);
  });
});
