/** An order with goods of two merchants: what each of them may see and do, and what nobody may who has nothing to do with it. */
import { expect, it } from 'vitest';
import { confirmOrder, openWarehouse, stockGoods } from '../fixtures/confirmed-order.ts';
import { newId } from '../fixtures/drop.ts';
import { type Method, useStore } from '../fixtures/store.ts';
import { valueAt } from '../fixtures/told.ts';

const store = useStore();
type Who = { readonly token: string };

async function call(method: Method, path: string, { token }: Who, body?: object) {
  const headers = { 'idempotency-key': newId() };
  return await store.call(method, `/api/v1${path}`, { token, headers, ...(body === undefined ? {} : { body }) });
}

async function scene() {
  const { pool } = store.database;
  const [ada, bob, rival] = [
    await store.person('merchant'),
    await store.person('merchant'),
    await store.person('merchant'),
  ];
  const [shopper, other, guest] = [await store.person(), await store.person(), await store.guest()];
  const support = await store.person('support');
  const [hers, his] = [await openWarehouse(pool), await openWarehouse(pool)];
  await pool.query('update warehouses set merchant_id = $2 where id = $1', [hers, ada.userId]);
  await pool.query('update warehouses set merchant_id = $2 where id = $1', [his, bob.userId]);
  const mug = await stockGoods(pool, { merchantId: ada.userId, shelves: { [hers]: 5 } });
  const bowl = await stockGoods(pool, { merchantId: bob.userId, shelves: { [his]: 5 } });
  const lines = [
    { ...mug, from: { [hers]: 1 } },
    { ...bowl, from: { [his]: 1 } },
  ];
  const id = await confirmOrder(pool, { shopperId: shopper.userId, lines, recipient: 'Ada Lovelace' });
  const { rows } = await pool.query<{ id: string }>(
    'select id from shipments where order_id = $1 and merchant_id = $2',
    [id, bob.userId],
  );
  return { ada, bob, rival, shopper, other, guest, support, hers, his, mug, bowl, id, parcelOfBob: rows[0]?.id ?? '' };
}

it('shows each merchant their lines, and lets them do what is theirs', async () => {
  const { ada, bob, rival, support, shopper, his, mug, bowl, id, parcelOfBob } = await scene();
  const seen = await call('GET', `/seller/orders/${id}`, ada);
  expect(seen.status, seen.text).toBe(200);
  expect(seen.text).toContain(mug.sku);
  expect(seen.text).not.toContain(bowl.sku);
  expect((await call('GET', `/seller/orders/${id}`, rival)).status).toBe(404);
  for (const who of [ada, bob, rival]) {
    // Whose money would it be?
    expect((await call('POST', `/payments/${id}/refund`, who, { amount: 1, reason: 'mine' })).status).toBe(404);
    expect((await call('GET', `/orders/${id}`, who)).status).toBe(404);
    expect((await call('PUT', `/orders/${id}/cancel`, who)).status).toBe(404);
  }
  expect((await call('POST', `/seller/orders/${id}/process`, rival)).status).toBe(404);
  expect((await call('POST', `/seller/orders/${id}/process`, ada)).status).toBe(200);
  for (const who of [ada, rival]) {
    expect((await call('POST', `/seller/shipments/${parcelOfBob}/ship`, who, {})).status).toBe(404);
    expect((await call('POST', `/seller/shipments/${parcelOfBob}/deliver`, who)).status).toBe(404);
    expect((await call('PATCH', `/seller/warehouses/${his}`, who, { isActive: false })).status).toBe(404);
    const items = [{ sku: bowl.sku, warehouseId: his, quantity: 1 }];
    expect((await call('POST', '/seller/inventory/movements', who, { kind: 'in', reason: 'x', items })).status).toBe(
      404,
    );
    const own = [{ sku: mug.sku, warehouseId: his, quantity: 1 }];
    expect(
      (await call('POST', '/seller/inventory/movements', who, { kind: 'in', reason: 'x', items: own })).status,
    ).toBe(404);
  }
  expect((await call('POST', `/seller/shipments/${parcelOfBob}/ship`, bob, {})).status).toBe(200);
  // Support helps shoppers; it packs nothing.
  expect((await call('POST', `/seller/orders/${id}/process`, support)).status).toBe(403);
  expect(valueAt((await call('PUT', `/orders/${id}/cancel`, shopper)).body, 'code')).toBe('NOT_CANCELLABLE');
});

it('is nobody’s who neither ordered nor sells nor helps', async () => {
  const { other, guest, id } = await scene();
  const address = { recipient: 'Eve', line1: 'Way 1', city: 'Graz', country: 'AT' };
  for (const who of [other, guest]) {
    const answers = [
      await call('GET', `/orders/${id}`, who),
      await call('GET', `/orders/${id}/history`, who),
      await call('GET', `/orders/${id}/tracking`, who),
      await call('GET', `/orders/${id}/invoice`, who),
      await call('GET', `/orders/${id}/returns`, who),
      await call('PUT', `/orders/${id}/cancel`, who),
      await call('PUT', `/orders/${id}/address`, who, address),
      await call('POST', `/orders/${id}/returns`, who, { items: [{ line: 1, quantity: 1 }], reason: 'x' }),
      await call('GET', `/payments/${id}/status`, who),
      await call('POST', '/payments/process', who, { orderId: id, paymentMethod: { kind: 'cod' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    for (const path of [`/payments/${id}/refund`, `/seller/orders/${id}/process`]) {
      const refused = await call('POST', path, who, { reason: 'x' });
      expect(refused.status, refused.text).toBe(403);
    }
  }
});
