import { describe, expect, it } from 'vitest';
import { createCarriers } from '../../commerce/carriers/carriers.ts';
import { signEvents } from '../../commerce/carriers/signature.ts';
import { isTrackingCode } from '../../commerce/carriers/tracking-code.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { type Answer, useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const CARRIER_SECRET = 'a secret of the carrier';
const store = useStore({ carriers: createCarriers({ CARRIER_SECRET }) });
const pool = () => store.database.pool;

/** Two merchants, two warehouses, one order: three parcels. */
async function scene() {
  const [ada, bob, shopper] = [await store.person('merchant'), await store.person('merchant'), await store.person()];
  const [graz, lyon] = [await openWarehouse(pool(), 'AT'), await openWarehouse(pool(), 'FR')];
  const mug = await stockGoods(pool(), { merchantId: ada.userId, shelves: { [graz]: 2, [lyon]: 5 } });
  const pot = await stockGoods(pool(), { merchantId: bob.userId, shelves: { [lyon]: 5 } });
  const id = await confirmOrder(pool(), {
    shopperId: shopper.userId,
    lines: [
      { ...mug, from: { [graz]: 2, [lyon]: 1 } },
      { ...pot, from: { [lyon]: 2 } },
    ],
  });
  return { ada, bob, shopper, graz, lyon, mug, pot, id };
}

type Somebody = { readonly token: string };
const post = (who: Somebody, path: string, body?: unknown, headers = {}) =>
  store.call('POST', `/api/v1${path}`, { token: who.token, body, headers });
const get = (who: Somebody, path: string) => store.call('GET', `/api/v1${path}`, { token: who.token });
const told = async (key: string) => {
  const { rows } = await pool().query<{ payload: string }>(
    `select payload from outbox where topic = 'notification.email' and key = $1 order by position`,
    [key],
  );
  return rows.map(({ payload }) => JSON.parse(payload).data.template);
};
const tell = (events: readonly unknown[], secret = CARRIER_SECRET): Promise<Answer> => {
  const body = Buffer.from(JSON.stringify({ events }));
  const headers = { 'carrier-signature': signEvents(secret, body, Date.now()), 'content-type': 'application/json' };
  return store.call('POST', '/api/v1/carriers/house/events', { body, headers });
};

describe('the orders of a merchant', () => {
  it('show their lines, their parcels and the address, and nothing of other merchants', async () => {
    const { ada, bob, id, mug } = await scene();
    const list = await get(ada, '/seller/orders?status=CONFIRMED&parcel=PENDING');
    expect(list.body).toMatchObject({ items: [{ id, parcels: [{ number: 1 }, { number: 2 }] }], nextCursor: null });
    expect(valueAt(list.body, 'items', 0, 'items')).toEqual([expect.objectContaining({ sku: mug.sku, quantity: 3 })]);
    expect(list.text).not.toContain('Herrengasse');
    const detail = await get(bob, `/seller/orders/${id}`);
    expect(detail.body).toMatchObject({
      items: [{ line: 2 }],
      parcels: [{}],
      address: { city: 'Graz', country: 'AT' },
    });
    expect((await get(await store.person('merchant'), `/seller/orders/${id}`)).status).toBe(404);
    expect(valueAt((await get(ada, '/seller/orders?status=SHIPPED')).body, 'items')).toEqual([]);
  });

  it('come page by page', async () => {
    const { ada, graz } = await scene();
    const { userId: shopperId } = await store.person();
    const cup = await stockGoods(pool(), { merchantId: ada.userId, shelves: { [graz]: 9 } });
    for (let n = 0; n < 3; n += 1) await confirmOrder(pool(), { shopperId, lines: [{ ...cup, from: { [graz]: 1 } }] });
    const first = await get(ada, '/seller/orders?limit=3');
    const second = await get(ada, `/seller/orders?limit=3&cursor=${textAt(first.body, 'nextCursor')}`);
    const ids = [...listAt(first.body, 'items'), ...listAt(second.body, 'items')].map((order) => textAt(order, 'id'));
    expect(ids).toHaveLength(4);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(valueAt(second.body, 'nextCursor')).toBeNull();
  });
});

describe('an order in three parcels from two warehouses', () => {
  it('is packed, leaves and arrives, parcel by parcel', async () => {
    const { ada, bob, shopper, id } = await scene();
    const processed = await post(ada, `/seller/orders/${id}/process`);
    expect(processed.body).toMatchObject({ status: 'PROCESSING' });
    const [one, two] = listAt(processed.body, 'parcels').map((parcel) => textAt(parcel, 'id'));
    const [three] = listAt((await post(bob, `/seller/orders/${id}/process`)).body, 'parcels').map((p) =>
      textAt(p, 'id'),
    );
    const first = await post(ada, `/seller/shipments/${one}/ship`, {});
    expect(first.body).toMatchObject({ orderStatus: 'PROCESSING', parcel: { status: 'SHIPPED', service: 'standard' } });
    expect(isTrackingCode(textAt(first.body, 'parcel', 'trackingCode'))).toBe(true);
    await post(ada, `/seller/shipments/${two}/ship`, { service: 'express' });
    expect((await post(ada, `/seller/shipments/${three}/ship`, {})).status).toBe(404);
    expect(valueAt((await post(bob, `/seller/shipments/${three}/ship`, {})).body, 'orderStatus')).toBe('SHIPPED');

    const tracking = await get(shopper, `/orders/${id}/tracking`);
    expect(valueAt(tracking.body, 'parcels')).toHaveLength(3);
    const days = (n: number) =>
      (numberAt(tracking.body, 'parcels', n, 'expected', 'until') -
        numberAt(tracking.body, 'parcels', n, 'shippedAt')) /
      86_400_000;
    expect([days(0), days(1)]).toEqual([6, 3]);
    expect(valueAt(tracking.body, 'parcels', 0, 'events')).toEqual([expect.objectContaining({ code: 'shipped' })]);

    expect(valueAt((await post(ada, `/seller/shipments/${one}/deliver`)).body, 'orderStatus')).toBe('SHIPPED');
    await post(ada, `/seller/shipments/${two}/deliver`);
    expect(valueAt((await post(bob, `/seller/shipments/${three}/deliver`)).body, 'orderStatus')).toBe('DELIVERED');
    expect(await told(shopper.userId)).toEqual([...Array(3).fill('parcel-shipped'), 'order-delivered']);
    const { rows } = await pool().query('select status from order_status_history where order_id = $1 order by step', [
      id,
    ]);
    expect(rows.map(({ status }) => status)).toEqual(['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED']);
    const acts = await pool().query('select action from audit_log where actor_id = $1 order by id', [bob.userId]);
    expect(acts.rows.map(({ action }) => action)).toEqual(['shipment.shipped', 'shipment.delivered']);
  });

  it('refuses steps out of turn, and says which one is possible', async () => {
    const { ada, shopper, id } = await scene();
    const parcel = textAt((await get(ada, `/seller/orders/${id}`)).body, 'parcels', 0, 'id');
    const early = await post(ada, `/seller/shipments/${parcel}/ship`, {});
    expect(early.body).toMatchObject({
      status: 409,
      code: 'STEP_REFUSED',
      detail: expect.stringContaining('/process'),
    });
    await post(ada, `/seller/orders/${id}/process`);
    expect(valueAt((await post(ada, `/seller/shipments/${parcel}/deliver`)).body, 'detail')).toContain(
      'only one that is SHIPPED',
    );
    expect(
      valueAt((await post(ada, `/seller/shipments/${parcel}/ship`, { carrier: 'pigeon' })).body, 'detail'),
    ).toContain('house');
    expect(
      valueAt((await post(ada, `/seller/shipments/${parcel}/ship`, { service: 'free' })).body, 'detail'),
    ).toContain('express');
    const key = { 'idempotency-key': 'ship-1' };
    const [a, b] = [
      await post(ada, `/seller/shipments/${parcel}/ship`, {}, key),
      await post(ada, `/seller/shipments/${parcel}/ship`, {}, key),
    ];
    expect(b.body).toEqual(a.body);
    expect((await post(ada, `/seller/shipments/${parcel}/ship`, {})).body).toMatchObject({ code: 'STEP_REFUSED' });
    expect(await told(shopper.userId)).toEqual(['parcel-shipped']);
    await expect(pool().query(`update shipments set status = 'PENDING' where id = $1`, [parcel])).rejects.toMatchObject(
      {
        code: 'ODS03',
      },
    );
    await expect(pool().query(`update orders set status = 'DELIVERED' where id = $1`, [id])).rejects.toThrow('step');
  });

  it('is either packed or cancelled, when both are asked for at the same instant', async () => {
    const scenes = await Promise.all(Array.from({ length: 6 }, () => scene()));
    await Promise.all(
      scenes.flatMap(({ ada, shopper, id }) => [
        post(ada, `/seller/orders/${id}/process`),
        store.call('PUT', `/api/v1/orders/${id}/cancel`, { token: shopper.token }),
      ]),
    );
    const { rows } = await pool().query<{ order: string; parcels: string[] }>(
      `select o.status as order, array_agg(distinct s.status::text) as parcels
       from orders o join shipments s on s.order_id = o.id where o.id = any ($1::uuid[]) group by o.id, o.status`,
      [scenes.map(({ id }) => id)],
    );
    expect(rows).toHaveLength(6);
    for (const { order, parcels } of rows) expect(parcels).toEqual([order === 'PROCESSING' ? 'PENDING' : 'CANCELLED']);
  });

  it('is DELIVERED once, when its last two parcels arrive at the same instant', async () => {
    const { ada, bob, shopper, id } = await scene();
    for (const merchant of [ada, bob]) {
      const parcels = listAt((await post(merchant, `/seller/orders/${id}/process`)).body, 'parcels');
      for (const parcel of parcels) await post(merchant, `/seller/shipments/${textAt(parcel, 'id')}/ship`, {});
    }
    const { rows } = await pool().query<{ id: string; merchant_id: string }>(
      'select id, merchant_id from shipments where order_id = $1',
      [id],
    );
    const answers = await Promise.all(
      rows.map((row) => post(row.merchant_id === ada.userId ? ada : bob, `/seller/shipments/${row.id}/deliver`)),
    );
    expect(answers.map(({ body }) => textAt(body, 'orderStatus')).sort()).toEqual(['DELIVERED', 'SHIPPED', 'SHIPPED']);
    expect(await told(shopper.userId)).toEqual([...Array(3).fill('parcel-shipped'), 'order-delivered']);
  });
});

describe('tracking', () => {
  it('is for its shopper, a guest by their token, and support', async () => {
    const { id } = await scene();
    const guest = await store.guest();
    await pool().query('update orders set shopper_id = $2 where id = $1', [id, guest.userId]);
    expect((await get(guest, `/orders/${id}/tracking`)).body).toMatchObject({ orderId: id, parcels: [{}, {}, {}] });
    expect((await get(await store.person('support'), `/orders/${id}/tracking`)).status).toBe(200);
    expect((await get(await store.guest(), `/orders/${id}/tracking`)).status).toBe(404);
    expect((await get(await store.person('merchant'), `/orders/${id}/tracking`)).status).toBe(404);
  });

  it('shows what the carrier told once each, in order, however it came', async () => {
    const { ada, shopper, id } = await scene();
    await post(ada, `/seller/orders/${id}/process`);
    const parcel = textAt((await get(ada, `/seller/orders/${id}`)).body, 'parcels', 0, 'id');
    const trackingCode = valueAt(
      (await post(ada, `/seller/shipments/${parcel}/ship`, {})).body,
      'parcel',
      'trackingCode',
    );
    const at = Date.now();
    const way = ['accepted', 'in-transit', 'out-for-delivery', 'delivered'].map((code, n) => ({
      ...{ trackingCode, code, at: at + n, place: 'Graz' },
    }));
    const shuffled = [...way].reverse();
    expect((await tell(shuffled)).body).toEqual({ received: 4, unknown: 0 });
    await Promise.all([tell(way), tell(shuffled), tell(way.slice(2)), ...way.map((event) => tell([event]))]);
    const events = listAt((await get(shopper, `/orders/${id}/tracking`)).body, 'parcels', 0, 'events');
    expect(listAt(events).map((event) => textAt(event, 'code'))).toEqual([
      ...['shipped', 'accepted', 'in-transit', 'out-for-delivery'],
    ]);
    const { rows } = await pool().query('select told_delivered_at as at from shipments where id = $1', [parcel]);
    expect(rows[0].at.getTime()).toBe(at + 3);
  });

  it('takes nothing that is not signed, and nothing of parcels that are not ours', async () => {
    const event = { trackingCode: 'DG99', code: 'delivered', at: Date.now() };
    expect((await tell([event], 'another secret of it')).status).toBe(400);
    expect((await tell([event])).body).toEqual({ received: 1, unknown: 1 });
    expect((await store.call('POST', '/api/v1/carriers/pigeon/events', { body: {} })).status).toBe(404);
  });
});

describe('the address of an order', () => {
  const home = { recipient: 'Ada', line1: '2 Lane', city: 'Wien', postalCode: '1010', country: 'AT' };
  const put = (who: Somebody, id: string, body: unknown) =>
    store.call('PUT', `/api/v1/orders/${id}/address`, { token: who.token, body });

  it('can be changed until it is packed, within what it was priced for', async () => {
    const { ada, shopper, id } = await scene();
    expect((await put(shopper, id, home)).body).toMatchObject({ city: 'Wien', line2: '' });
    expect(valueAt((await put(shopper, id, { ...home, country: 'BR' })).body, 'code')).toBe('ADDRESS_FIXED');
    expect((await put(await store.person(), id, home)).status).toBe(404);
    await post(ada, `/seller/orders/${id}/process`);
    expect(valueAt((await put(shopper, id, home)).body, 'code')).toBe('STEP_REFUSED');
    expect(valueAt((await get(ada, `/seller/orders/${id}`)).body, 'address', 'city')).toBe('Wien');
  });
});
