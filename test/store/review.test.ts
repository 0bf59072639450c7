/** Orders that somebody looks at: they wait for that, and can be paid afterwards as any other. */
import Type, { type Static } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { Charge } from '../../commerce/payments/provider.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import { decideReview } from '../../db/queries/decide-review.ts';
import { systemClock } from '../../platform/clock.ts';
import { endDueOrders } from '../../queue-workers/reservations/expire.ts';
import { checkOut, figuresOf, fillCart, type Shopper, stock } from '../fixtures/checkout.ts';
import { newId } from '../fixtures/drop.ts';
import { useRunningPayments } from '../fixtures/running-payments.ts';
import { scriptedProvider } from '../fixtures/scripted-provider.ts';
import { useShards } from '../fixtures/shards.ts';
import { useStore } from '../fixtures/store.ts';
import { listAt, numberAt, shapedAt, textAt, valueAt } from '../fixtures/told.ts';
import { eventually } from '../servers/eventually.ts';
import { useRedis } from '../servers/redis.ts';

const store = useStore();
const core = useShards(useRedis());
const nextId = createIdSource(systemClock);
const MARGIN_MS = 60_000;

const startPayments = useRunningPayments({ database: store.database, core });

function start(): void {
  const provider = {
    ...scriptedProvider('stripe'),
    charge: async ({ paymentId, methodToken }: Charge) =>
      methodToken === 'pm_bad'
        ? ({ state: 'declined', ref: `pi_${paymentId}`, reason: 'card_declined' } as const)
        : ({ state: 'captured', ref: `pi_${paymentId}` } as const),
  };
  startPayments([provider]);
}

/** A new account with a device that is known for nothing good. */
async function inReview(paymentMethod?: object, role: 'shopper' | 'support' = 'shopper') {
  const { sku } = await stock(store, { onHand: 5 });
  const who = await store.person(role);
  await store.database.pool.query(`insert into risk_flags (user_id, flag) values ($1, 'suspicious-device')`, [
    who.userId,
  ]);
  await fillCart(store, who, sku);
  const id = textAt((await checkOut(store, who)).body, 'id');
  const headers = { 'idempotency-key': newId() };
  const body = { checkoutId: id, ...(paymentMethod === undefined ? {} : { paymentMethod }) };
  const placed = await store.call('POST', '/api/v1/orders', { token: who.token, headers, body });
  expect(valueAt(placed.body, 'status'), placed.text).toBe('REVIEW');
  return { who, sku, id, holdUntil: numberAt(placed.body, 'holdUntil') };
}

const orderOf = async ({ token }: Shopper, id: string) =>
  (await store.call('GET', `/api/v1/orders/${id}`, { token })).body;
const pay = (who: Shopper, orderId: string, token: string) =>
  store.call('POST', '/api/v1/payments/process', {
    ...{ token: who.token, headers: { 'idempotency-key': newId() } },
    body: { orderId, paymentMethod: { kind: 'card', token } },
  });
const decide = (orderId: string, decision: 'approved' | 'rejected') =>
  decideReview(store.database.pool, { orderId, decision, by: 'support 1' });
const Looked = Type.Object({
  status: Type.String(),
  payments: Type.Array(Type.Object({ status: Type.String() })),
});
const becomes = (who: Shopper, id: string, looks: (order: Static<typeof Looked>) => boolean) =>
  eventually(
    async () => {
      const order = shapedAt(Looked, await orderOf(who, id));
      return looks(order) ? order : false;
    },
    { withinMs: 10_000 },
  );

describe('an order that somebody has to look at', () => {
  it('is listed for support with its points, and decided once, by somebody who may', async () => {
    const { who, id } = await inReview({ kind: 'card', token: 'pm_good' });
    const [support, merchant] = [await store.person('support'), await store.person('merchant')];
    const list = await store.call('GET', '/api/v1/admin/order-reviews?limit=100', { token: support.token });
    const listed = listAt(list.body, 'items').find((one) => textAt(one, 'orderId') === id);
    expect(listed, list.text).toMatchObject({ shopperId: who.userId, source: 'store' });
    expect(valueAt(listed, 'signals')).toContainEqual({ signal: 'suspicious-device', points: 30 });
    const say = (token: string, decision: string) =>
      store.call('POST', `/api/v1/admin/order-reviews/${id}/decide`, { token, body: { decision } });
    expect((await say(merchant.token, 'approved')).status).toBe(403);
    expect((await say(support.token, 'maybe')).status).toBe(400);
    expect((await say(support.token, 'approved')).status).toBe(204);
    expect((await say(support.token, 'rejected')).status).toBe(404);
    start();
    await becomes(who, id, ({ status }) => status === 'CONFIRMED');
    const again = await store.call('GET', '/api/v1/admin/order-reviews?limit=100', { token: support.token });
    expect(listAt(again.body, 'items').map((one) => textAt(one, 'orderId'))).not.toContain(id);
  });

  it('is decided by somebody else, where it is one of support', async () => {
    const { who, id } = await inReview(undefined, 'support');
    const path = `/api/v1/admin/order-reviews/${id}/decide`;
    const own = await store.call('POST', path, { token: who.token, body: { decision: 'approved' } });
    expect(own.status, own.text).toBe(403);
    const { token } = await store.person('support');
    expect((await store.call('POST', path, { token, body: { decision: 'approved' } })).status).toBe(204);
  });

  it('and is cancelled meanwhile is decided no more: nobody has said that it was none', async () => {
    const { who, id } = await inReview();
    await store.database.pool.query(`update orders set status = 'CANCELLED', hold_until = null where id = $1`, [id]);
    expect(await decide(id, 'approved')).toBe(false);
    expect(valueAt(await orderOf(who, id), 'status')).toBe('CANCELLED');
  });

  it('keeps its units for a day, and says so; approved, it has the time of a checkout to be paid', async () => {
    const { who, sku, id, holdUntil } = await inReview({ kind: 'card', token: 'pm_bad' });
    expect(holdUntil - Date.now()).toBeGreaterThan(LIFETIMES.reviewHoldMs - MARGIN_MS);
    await store.database.pool.query(`update reservations set expires_at = now() where order_id = $1`, [id]);
    await endDueOrders({ database: store.database.pool, clock: systemClock, nextId });
    expect(await figuresOf(store, sku)).toEqual({ onHand: 5, reserved: 1, held: 1 });
    expect(await decide(id, 'approved')).toBe(true);
    expect(await decide(id, 'rejected')).toBe(false);
    const leftMs = numberAt(await orderOf(who, id), 'holdUntil') - Date.now();
    expect(leftMs).toBeLessThanOrEqual(LIFETIMES.checkoutMs);
    expect(leftMs).toBeGreaterThan(LIFETIMES.checkoutMs - MARGIN_MS);
  });

  it('can be paid by another card when the first one is declined after the approval', async () => {
    const { who, id } = await inReview({ kind: 'card', token: 'pm_bad' });
    await decide(id, 'approved');
    start();
    await becomes(who, id, ({ payments }) => payments[0]?.status === 'FAILED');
    const again = await pay(who, id, 'pm_good');
    expect(again.status, again.text).toBe(202);
    await becomes(who, id, ({ status }) => status === 'CONFIRMED');
  });

  it('that said no way to pay says it during the review, and is charged after it', async () => {
    const { who, id } = await inReview();
    start();
    expect((await pay(who, id, 'pm_good')).status).toBe(202);
    expect(valueAt((await pay(who, id, 'pm_good')).body, 'code')).toBe('PAYMENT_UNDER_WAY');
    await eventually(
      async () => {
        const { rows } = await store.database.pool.query('select due_at from payments where order_id = $1', [id]);
        return rows[0]?.due_at === null;
      },
      { withinMs: 10_000 },
    );
    expect(await orderOf(who, id)).toMatchObject({ status: 'REVIEW', payments: [{ status: 'PENDING' }] });
    await decide(id, 'approved');
    await becomes(who, id, ({ status }) => status === 'CONFIRMED');
  });

  it('is cancelled by a rejection, also where it said no way to pay; nobody pays it then', async () => {
    const { who, sku, id } = await inReview();
    await decide(id, 'rejected');
    expect(valueAt((await pay(who, id, 'pm_good')).body, 'code')).toBe('ORDER_NOT_PAYABLE');
    start();
    await becomes(who, id, ({ status }) => status === 'CANCELLED');
    expect(await figuresOf(store, sku)).toEqual({ onHand: 5, reserved: 0, held: 0 });
  });
});
