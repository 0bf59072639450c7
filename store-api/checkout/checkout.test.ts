import { describe, expect, it } from 'vitest';
import { rankOfTier } from '../../commerce/checkout/tiers.ts';
import { cartKeys } from '../../contracts/cart-keys.ts';
import { checkOut, figuresOf, fillCart, HOME, stock, stockElsewhere } from '../../test/fixtures/checkout.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { reprice } from '../../test/fixtures/goods.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';
import { createCheckoutDesk } from './checkout-desk.ts';
import type { CheckoutRequest } from './make-checkouts.ts';

const store = useStore();

async function shopperWith(sku: string, quantity = 1) {
  const shopper = await store.person();
  await fillCart(store, shopper, sku, quantity);
  return shopper;
}

const read = (shopper: { token: string }, id: string) =>
  store.call('GET', `/api/v1/checkouts/${id}`, { token: shopper.token });

describe('a checkout', () => {
  it('sets the units aside, and says amounts, ways to send and to pay, parcels and its end', async () => {
    const { sku } = await stock(store, { onHand: 5, priceMinor: 2_000 });
    const shopper = await shopperWith(sku, 2);
    const made = await checkOut(store, shopper);
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      ...{ status: 'OPEN', currency: 'EUR', total: 4_540, taxIncluded: true, shippingOption: 'standard' },
      lines: [{ line: 1, sku, quantity: 2, unitPrice: 2_000, discount: 0 }],
      parcels: [{ items: [{ line: 1, sku, quantity: 2 }] }],
      ...{ address: { ...HOME, line2: '', area: '', phone: '' }, payment: null },
    });
    const subtotal = numberAt(made.body, 'subtotal'),
      discount = numberAt(made.body, 'discount'),
      tax = numberAt(made.body, 'tax'),
      shipping = numberAt(made.body, 'shipping'),
      total = valueAt(made.body, 'total'),
      expiresAt = numberAt(made.body, 'expiresAt');
    expect(subtotal - discount + tax + shipping).toBe(total);
    expect(listAt(made.body, 'shippingOptions').map((one) => textAt(one, 'id'))).toEqual(['standard', 'express']);
    expect(listAt(made.body, 'waysToPay').map((one) => textAt(one, 'kind'))).toEqual(['wallet', 'card', 'cod']);
    expect(Math.abs(expiresAt - Date.now() - 900_000)).toBeLessThan(30_000);
    expect(await figuresOf(store, sku)).toEqual({ onHand: 5, reserved: 2, held: 2 });
    expect((await read(shopper, textAt(made.body, 'id'))).body).toEqual(made.body);
    const stranger = await store.person();
    expect((await read(stranger, textAt(made.body, 'id'))).status).toBe(404);
  });

  it('ends when a new one begins, and its units serve that one', async () => {
    const { sku } = await stock(store, { onHand: 2 });
    const shopper = await shopperWith(sku, 2);
    const [one, two] = [await checkOut(store, shopper), await checkOut(store, shopper)];
    expect([one.status, two.status], two.text).toEqual([201, 201]);
    expect(valueAt(two.body, 'id')).not.toBe(valueAt(one.body, 'id'));
    expect(valueAt((await read(shopper, textAt(one.body, 'id'))).body, 'status')).toBe('CANCELLED');
    expect(await figuresOf(store, sku)).toEqual({ onHand: 2, reserved: 2, held: 2 });
    await fillCart(store, shopper, sku, 1);
    const short = await checkOut(store, shopper);
    expect([short.status, valueAt(short.body, 'code')]).toEqual([409, 'OUT_OF_STOCK']);
    // The one that cannot be made does not cost the one that there is.
    expect(valueAt((await read(shopper, textAt(two.body, 'id'))).body, 'status')).toBe('OPEN');
    expect(await figuresOf(store, sku)).toEqual({ onHand: 2, reserved: 2, held: 2 });
  });

  it('is one for each shopper, also of twenty at the same moment', async () => {
    const { sku } = await stock(store, { onHand: 50 });
    const shopper = await shopperWith(sku, 3);
    const made = await Promise.all(Array.from({ length: 20 }, () => checkOut(store, shopper)));
    expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await figuresOf(store, sku)).toEqual({ onHand: 50, reserved: 3, held: 3 });
    const { rows } = await store.database.pool.query(
      `select count(*)::integer as open from checkouts where shopper_id = $1 and status = 'OPEN'`,
      [shopper.userId],
    );
    expect(rows).toEqual([{ open: 1 }]);
  });

  it('gives the first answer to the same key, whatever the cart has become', async () => {
    const { sku } = await stock(store, { onHand: 9 });
    const shopper = await shopperWith(sku, 2);
    const key = { 'idempotency-key': newId() };
    const many = await Promise.all(Array.from({ length: 10 }, () => checkOut(store, shopper, { address: HOME }, key)));
    for (const { status, body } of many) {
      if (status !== 201) expect(valueAt(body, 'code')).toBe('KEY_IN_USE');
    }
    await fillCart(store, shopper, sku, 5);
    const again = await checkOut(store, shopper, { address: HOME }, key);
    expect(again.headers['idempotent-replayed']).toBe('true');
    for (const { body } of many.filter(({ status }) => status === 201)) expect(again.body).toEqual(body);
    expect(await figuresOf(store, sku)).toEqual({ onHand: 9, reserved: 2, held: 2 });
    const other = await checkOut(store, shopper, { address: { ...HOME, city: 'Bonn' } }, key);
    expect([other.status, valueAt(other.body, 'code')]).toEqual([422, 'KEY_REUSED']);
  });

  it('can be given up', async () => {
    const { sku } = await stock(store, { onHand: 1 });
    const shopper = await shopperWith(sku);
    const id = textAt((await checkOut(store, shopper)).body, 'id');
    const { token } = shopper;
    const stranger = await store.person();
    expect((await store.call('DELETE', `/api/v1/checkouts/${id}`, { token: stranger.token })).status).toBe(404);
    expect((await store.call('DELETE', `/api/v1/checkouts/${id}`, { token })).status).toBe(204);
    expect(await figuresOf(store, sku)).toEqual({ onHand: 1, reserved: 0, held: 0 });
    const twice = await store.call('DELETE', `/api/v1/checkouts/${id}`, { token });
    expect([twice.status, valueAt(twice.body, 'code')]).toEqual([409, 'CHECKOUT_ENDED']);
  });
});

describe('what cannot be bought', () => {
  it('is refused with the reason: nothing, too few, a new price, no address', async () => {
    const { sku } = await stock(store, { onHand: 1 });
    const shopper = await store.person();
    expect(valueAt((await checkOut(store, shopper)).body, 'code')).toBe('CART_EMPTY');
    await fillCart(store, shopper, sku, 3);
    expect(valueAt((await checkOut(store, shopper, {})).body, 'code')).toBe('ADDRESS_REQUIRED');
    const short = await checkOut(store, shopper);
    expect(short.body).toMatchObject({
      ...{ code: 'OUT_OF_STOCK', detail: `${sku}: 3 asked for, 1 left` },
      short: [{ sku, asked: 3, available: 1 }],
    });
    const far = await checkOut(store, shopper, { address: HOME, shippingOption: 'pigeon' });
    expect(valueAt(far.body, 'code')).toBe('SHIPPING_UNAVAILABLE');
    const other = await checkOut(store, shopper, { addressId: newId() });
    expect(other.status).toBe(404);
  });

  it('is what has become dearer, until that is accepted', async () => {
    const { sku } = await stock(store, { priceMinor: 1_000 });
    const shopper = await shopperWith(sku);
    const { pool } = store.database;
    await reprice(pool, sku, 1_500);
    // The price that was shown holds for a while; after that it is asked again.
    const { rows } = await pool.query('select body from carts where user_id = $1', [shopper.userId]);
    const cart = JSON.parse(rows[0].body);
    for (const line of cart.lines) line.price.untilMs = 0;
    await pool.query('update carts set body = $2 where user_id = $1', [shopper.userId, JSON.stringify(cart)]);
    // Only this cart: the Redis is that of all tests.
    await store.redis.del(cartKeys(store.redisPrefix, shopper.userId).cart);
    expect((await checkOut(store, shopper)).body).toMatchObject({ code: 'PRICES_CHANGED', detail: sku });
    const { token } = shopper;
    const accept = { items: [{ sku, unitPrice: 1_500 }] };
    await store.call('POST', '/api/v1/cart/prices/accept', { token, body: accept });
    const made = await checkOut(store, shopper);
    expect(valueAt(made.body, 'lines'), made.text).toMatchObject([{ unitPrice: 1_500 }]);
    // And from now on it is the checkout's.
    await reprice(pool, sku, 9_999);
    expect(valueAt((await read(shopper, textAt(made.body, 'id'))).body, 'total')).toBe(valueAt(made.body, 'total'));
  });
});

describe('a guest', () => {
  it('checks out with an address and where they are told of it', async () => {
    const { sku } = await stock(store);
    const guest = await store.guest();
    await fillCart(store, guest, sku);
    expect(valueAt((await checkOut(store, guest)).body, 'code')).toBe('EMAIL_REQUIRED');
    const made = await checkOut(store, guest, { address: HOME, email: 'ada@people.example' });
    expect(made.status, made.text).toBe(201);
    expect(valueAt(made.body, 'email')).toBe('ada@people.example');
    const wallet = { address: HOME, email: 'ada@people.example', paymentMethod: { kind: 'wallet' } };
    expect(valueAt((await checkOut(store, guest, wallet)).body, 'code')).toBe('METHOD_REFUSED');
  });
});

describe('a change of a checkout', () => {
  it('brings new amounts, and other shelves where it goes to another country', async () => {
    const { sku } = await stock(store, { onHand: 3, priceMinor: 2_000 });
    const abroad = await stockElsewhere(store, sku, 3, 'US');
    const shopper = await shopperWith(sku, 2);
    const { token } = shopper;
    const told = (await checkOut(store, shopper)).body;
    const id = textAt(told, 'id');
    const total = numberAt(told, 'total');
    const patch = (body: object) => store.call('PATCH', `/api/v1/checkouts/${id}`, { token, body });
    const express = await patch({ shippingOption: 'express' });
    expect(valueAt(express.body, 'total'), express.text).toBe(total - 540 + 1_390);
    const paid = await patch({ paymentMethod: { kind: 'cod' } });
    expect(paid.body).toMatchObject({
      payment: { kind: 'cod', methodId: null },
      total: valueAt(express.body, 'total'),
    });
    const moved = await patch({ address: { ...HOME, country: 'US', area: 'NY' } });
    expect(moved.status, moved.text).toBe(200);
    expect(moved.body).toMatchObject({ taxIncluded: false, shippingOption: 'express', payment: { kind: 'cod' } });
    const { rows } = await store.database.pool.query(
      `select warehouse_id, quantity from reservations where order_id = $1 and status = 'HELD'`,
      [id],
    );
    expect(rows).toEqual([{ warehouse_id: abroad, quantity: 2 }]);
    expect(await figuresOf(store, sku)).toEqual({ onHand: 6, reserved: 2, held: 2 });
    // And back, to the very place that it came from.
    expect((await patch({ address: HOME })).status).toBe(200);
    expect(await figuresOf(store, sku)).toEqual({ onHand: 6, reserved: 2, held: 2 });
    expect((await patch({ addressId: newId() })).status).toBe(404);
    expect(valueAt((await patch({ paymentMethod: { kind: 'card', token: '4242424242424242' } })).body, 'code')).toBe(
      'CARD_NUMBER',
    );
    expect(valueAt((await patch({ total: 1 })).body, 'code')).toBe('INVALID');
  });
});

describe('the last units', () => {
  it('go to ten of two hundred, and nobody is told more than there is', async () => {
    const { sku } = await stock(store, { onHand: 10 });
    const shoppers = await Promise.all(Array.from({ length: 200 }, () => shopperWith(sku)));
    const made = await Promise.all(shoppers.map((shopper) => checkOut(store, shopper)));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = made.filter(({ status }) => status !== 201);
    expect(new Set(refused.map(({ body }) => textAt(body, 'code')))).toEqual(new Set(['OUT_OF_STOCK']));
    expect(await figuresOf(store, sku)).toEqual({ onHand: 10, reserved: 10, held: 10 });
  });

  it('go to the better tiers first, of those who ask at the same moment', async () => {
    const { sku, merchantId, productId } = await stock(store, { onHand: 5 });
    const { rows } = await store.database.pool.query('select warehouse_id as id from inventory where sku = $1', [sku]);
    const desk = createCheckoutDesk({ database: store.database.pool, clock: { now: () => Date.now() } });
    const line = { line: 1, sku, merchantId, productId, title: 'Sneaker', quantity: 1, unitPriceMinor: 1_000 };
    const amounts = { itemsMinor: 1_000, discountMinor: 0, taxMinor: 0, shippingMinor: 0, totalMinor: 1_000 };
    const requestOf = (tier: string | undefined): CheckoutRequest => ({
      ...{ id: newId(), rank: rankOfTier(tier), untilMs: Date.now() + 60_000, asked: undefined },
      parts: [{ line: 1, sku, warehouseId: rows[0].id, quantity: 1 }],
      answer: { status: 201, headers: {}, body: null },
      draft: {
        ...{ owner: { kind: 'user', userId: newId() }, tier, currency: 'EUR', uses: [] },
        body: {
          lines: [{ ...line, discountMinor: 0, taxMinor: null }],
          address: { ...HOME, line2: '', area: '', phone: '' },
          ...{ email: null, shippingOption: 'standard', promotions: [], coupons: [], freeShipping: false },
          ...{ tax: 'included', amounts, payment: null },
        },
      },
    });
    // As many as one transaction takes: those who came last are the better ones.
    const tiers = Array.from({ length: 60 }, (_, at) => (at < 55 ? 'standard' : at < 58 ? 'gold' : 'platinum'));
    const made = await Promise.all(tiers.map(async (tier) => ({ tier, ...(await desk.make(requestOf(tier))) })));
    expect(made.filter(({ kind }) => kind === 'made').map(({ tier }) => tier)).toEqual([
      ...['gold', 'gold', 'gold', 'platinum', 'platinum'],
    ]);
    expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(['made', 'lost']));
  });

  it('and a one-time code go to one of many, whose units alone are set aside', async () => {
    const admin = await store.person('admin');
    const { sku } = await stock(store, { onHand: 50 });
    const promotion = { title: 'Once', benefit: { kind: 'percentage', ppm: 500_000 }, codeKind: 'single' };
    const id = textAt(
      (await store.call('POST', '/api/v1/promotions', { token: admin.token, body: promotion })).body,
      'id',
    );
    const codes = await store.call('POST', `/api/v1/promotions/${id}/codes`, {
      ...{ token: admin.token, body: { count: 1 } },
    });
    const [code] = listAt(codes.body, 'codes');
    const shoppers = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const shopper = await shopperWith(sku);
        const typed = await store.call('POST', '/api/v1/cart/coupons', { token: shopper.token, body: { code } });
        expect(typed.status, typed.text).toBe(200);
        return shopper;
      }),
    );
    const made = await Promise.all(shoppers.map((shopper) => checkOut(store, shopper)));
    const discounted = made.filter(({ status, body }) => status === 201 && numberAt(body, 'discount') > 0);
    expect(discounted).toHaveLength(1);
    for (const { status, body } of made) {
      if (status !== 201) expect(valueAt(body, 'code')).toBe('COUPON_USED');
    }
    const ok = made.filter(({ status }) => status === 201).length;
    expect(await figuresOf(store, sku)).toEqual({ onHand: 50, reserved: ok, held: ok });
  });
});
