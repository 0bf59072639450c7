/**
 * All that moves money or units, from a cart to a return: each call is made by several at once with one key, repeated with
 * its fields in another order, and by a stranger who has learnt the key. It happens once, and tells a stranger nothing.
 */
import { expect, it } from 'vitest';
import { topUpWallets } from '../../db/queries/top-up-wallet.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { auditStore } from '../../scripts/audit/store/audit-store.ts';
import { renderStoreReport } from '../../scripts/audit/store/render.ts';
import { HOME } from '../fixtures/checkout.ts';
import { openWarehouse, stockGoods } from '../fixtures/confirmed-order.ts';
import { newId } from '../fixtures/drop.ts';
import { useRunningPayments } from '../fixtures/running-payments.ts';
import { TEST_REGIONS, useShards } from '../fixtures/shards.ts';
import { type Answer, type Method, useStore } from '../fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../fixtures/told.ts';
import { eventually } from '../servers/eventually.ts';
import { useRedis } from '../servers/redis.ts';

const store = useStore({ regions: TEST_REGIONS });
const core = useShards(useRedis());
const startPayments = useRunningPayments({ database: store.database, core });
const AT_ONCE = 6;
const WALLET_MINOR = 50_000;
type Body = Readonly<Record<string, unknown>>;

const reversed = (body: Body) => Object.fromEntries(Object.entries(body).toReversed());
const rows = async (text: string, ...values: unknown[]) => (await store.database.pool.query(text, values)).rows;

async function callAt(method: Method, path: string, token: string, key: string, body?: Body): Promise<Answer> {
  const headers = { 'idempotency-key': key };
  return await store.call(method, `/api/v1${path}`, { token, headers, ...(body === undefined ? {} : { body }) });
}

it('happens once for each key, whoever asks however often', async () => {
  const { pool } = store.database;
  const [seller, buyer, support, stranger, rival] = [
    await store.person('merchant'),
    await store.person(),
    await store.person('support'),
    await store.person(),
    await store.person('merchant'),
  ];
  await rows(`update users set created_at = now() - interval '1 year'`);
  await withTransaction(pool, (client) =>
    topUpWallets(client, [{ id: newId(), ownerId: buyer.userId, currency: 'EUR', amountMinor: WALLET_MINOR }]),
  );
  const [here, there] = [await openWarehouse(pool), await openWarehouse(pool, 'FR')];
  const { sku } = await stockGoods(pool, { merchantId: seller.userId, shelves: { [here]: 50 } });

  /** Answers with the one answer that counts. */
  async function once(method: Method, path: string, who: { token: string }, body?: Body): Promise<unknown> {
    const key = newId();
    const what = `${method} ${path}`;
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => callAt(method, path, who.token, key, body)),
    );
    const again = await callAt(method, path, who.token, key, body === undefined ? undefined : reversed(body));
    expect(again.headers['idempotent-replayed'], `${what}: ${again.status} ${again.text}`).toBe('true');
    expect(again.status, `${what}: ${again.text}`).toBeLessThan(300);
    for (const answer of answers) {
      if (answer.status === again.status) expect(answer.body).toEqual(again.body);
      else expect([what, answer.status, valueAt(answer.body, 'code')]).toEqual([what, 409, 'KEY_IN_USE']);
    }
    const first = answers.filter(({ status, headers }) => status < 300 && headers['idempotent-replayed'] === undefined);
    expect([what, first.length]).toEqual([what, 1]);
    const sameRole = who.token === seller.token ? rival : stranger;
    const learnt = await callAt(method, path, sameRole.token, key, body);
    // What is somebody's own begins anew; everything else is not there.
    expect(learnt.headers['idempotent-replayed'], what).toBeUndefined();
    if (path !== '/cart/checkout' && path !== '/seller/drops') {
      expect([what, [403, 404].includes(learnt.status)]).toEqual([what, true]);
    }
    if (body !== undefined) {
      const other = await callAt(method, path, who.token, key, { ...body, surprise: 1 });
      expect([what, [400, 422].includes(other.status)]).toEqual([what, true]);
    }
    return again.body;
  }

  const payments = startPayments([]);
  const until = async (path: string, looks: (body: unknown) => boolean) =>
    await eventually(
      async () => {
        const { body } = await store.call('GET', `/api/v1${path}`, { token: buyer.token });
        return looks(body) ? body : false;
      },
      { withinMs: 15_000 },
    );
  const onShelves = async () => (await rows('select sum(on_hand)::int as units from inventory where sku = $1', sku))[0];
  const movedIn = { kind: 'in', reason: 'delivery', items: [{ sku, warehouseId: here, quantity: 10 }] };
  const moved = { fromWarehouseId: here, toWarehouseId: there, items: [{ sku, quantity: 5 }] };
  try {
    await once('POST', '/seller/inventory/movements', seller, movedIn);
    await once('POST', '/seller/inventory/transfers', seller, moved);
    expect(await onShelves()).toEqual({ units: 60 });

    const fill = () => store.call('POST', '/api/v1/cart/items', { token: buyer.token, body: { sku, quantity: 2 } });
    await fill();
    const given = await once('POST', '/cart/checkout', buyer, { address: HOME });
    await once('PATCH', `/checkouts/${textAt(given, 'id')}`, buyer, { shippingOption: 'express' });
    await once('DELETE', `/checkouts/${textAt(given, 'id')}`, buyer);

    const cancelled = await once('POST', '/cart/checkout', buyer, { address: HOME });
    const wallet = { paymentMethod: { kind: 'wallet' } };
    await once('POST', '/orders', buyer, { checkoutId: valueAt(cancelled, 'id'), ...wallet });
    await until(`/orders/${textAt(cancelled, 'id')}`, (one) => valueAt(one, 'status') === 'CONFIRMED');
    await once('PUT', `/orders/${textAt(cancelled, 'id')}/cancel`, buyer);
    await until(`/orders/${textAt(cancelled, 'id')}`, (one) => valueAt(one, 'status') === 'REFUNDED');
    expect(await onShelves()).toEqual({ units: 60 });

    await fill();
    const id = textAt(await once('POST', '/cart/checkout', buyer, { address: HOME }), 'id');
    await once('POST', '/orders', buyer, { checkoutId: id });
    await once('POST', '/payments/process', buyer, { orderId: id, ...wallet });
    const parcels = valueAt(await until(`/orders/${id}`, (one) => valueAt(one, 'status') === 'CONFIRMED'), 'parcels');
    await once('POST', `/seller/orders/${id}/process`, seller);
    await once('POST', `/seller/shipments/${textAt(parcels, 0, 'id')}/ship`, seller, { carrier: 'house' });
    await once('POST', `/seller/shipments/${textAt(parcels, 0, 'id')}/deliver`, seller);
    await once('POST', `/payments/${id}/refund`, support, { amount: 100, reason: 'a scratch' });
    const back = await once('POST', `/orders/${id}/returns`, buyer, {
      ...{ items: [{ line: 1, quantity: 1 }], reason: 'too small' },
    });
    await once('POST', `/returns/${textAt(back, 'id')}/approve`, seller, { note: 'Send it.' });
    await once('POST', `/returns/${textAt(back, 'id')}/receive`, seller, { items: [{ line: 1, sellable: 1 }] });
    const paid = await until(
      `/payments/${id}/status`,
      (one) =>
        listAt(one, 'refunds').length === 2 &&
        listAt(one, 'refunds').every((each) => textAt(each, 'status') === 'DONE'),
    );
    expect(valueAt(paid, 'refunded')).toBe(100 + numberAt(back, 'refund'));
    expect(await onShelves()).toEqual({ units: 59 });
    const [entries] = await rows(
      `select sum(balance_minor)::int as left from ledger_accounts where owner_id = $1`,
      buyer.userId,
    );
    expect(entries.left).toBe(WALLET_MINOR - numberAt(paid, 'amount') + numberAt(paid, 'refunded'));

    const startsAt = Date.now() + 3_600_000;
    const drop = { sku, startsAt, endsAt: startsAt + 3_600_000, allocation: { eu: 10 }, currency: 'EUR', price: 900 };
    const made = await once('POST', '/seller/drops', seller, drop);
    await once('POST', `/seller/drops/${textAt(made, 'id')}/schedule`, seller);
    expect(
      await rows('select sum(units)::int as drawn from drop_stock where drop_id = $1', valueAt(made, 'id')),
    ).toEqual([{ drawn: 10 }]);
    await once('POST', `/seller/drops/${textAt(made, 'id')}/end`, seller);
  } finally {
    await payments.stop();
  }
  const report = await auditStore(pool, Date.now());
  expect(report.verdict, renderStoreReport(report)).toBe('ok');
}, 60_000);
