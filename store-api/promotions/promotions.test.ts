import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { redeemCodes } from '../../db/queries/redeem-codes.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, shapedAt, textAt, valueAt } from '../../test/fixtures/told.ts';
import { hashOfCode } from './codes.ts';

const store = useStore();
const at = '/api/v1/promotions';
const tenPercent = { title: 'Ten off', benefit: { kind: 'percentage', ppm: 100_000 } };
const make = (token: string, body: object) => store.call('POST', at, { token, body });

async function cartWith(token: string, sku: string) {
  await store.call('POST', '/api/v1/cart/items', { token, body: { sku, quantity: 2 } });
  return {
    coupon: (code: string) => store.call('POST', '/api/v1/cart/coupons', { token, body: { code } }),
    drop: (code: string) => store.call('DELETE', `/api/v1/cart/coupons/${code}`, { token }),
    summary: async () => (await store.call('GET', '/api/v1/cart/summary?country=DE', { token })).body,
  };
}

describe('a promotion', () => {
  it('of a merchant is for their own goods, and their own business', async () => {
    const [merchant, other] = [await store.person('merchant'), await store.person('merchant')];
    const made = await make(merchant.token, { ...tenPercent, codeKind: 'shared', code: `own-${newId().slice(-8)}` });
    expect(made).toMatchObject({ status: 201, body: { merchantId: merchant.userId, state: 'active' } });
    const id = textAt(made.body, 'id'),
      code = textAt(made.body, 'code'),
      version = valueAt(made.body, 'version');
    for (const call of [
      () => store.call('GET', `${at}/${id}`, { token: other.token }),
      () => store.call('PATCH', `${at}/${id}`, { token: other.token, body: { version, state: 'paused' } }),
      () => store.call('DELETE', `${at}/${id}`, { token: other.token }),
    ]) {
      expect((await call()).status).toBe(404);
    }
    expect((await make(merchant.token, { ...tenPercent, merchantId: other.userId })).status).toBe(403);
    expect((await make((await store.person()).token, tenPercent)).status).toBe(403);
    expect(valueAt((await make(other.token, { ...tenPercent, codeKind: 'shared', code })).body, 'code')).toBe(
      'CODE_TAKEN',
    );
    expect(valueAt((await store.call('GET', at, { token: other.token })).body, 'items')).toEqual([]);

    const [own, foreign] = [
      await sell(store.database.pool, { merchantId: merchant.userId }),
      await sell(store.database.pool, { merchantId: other.userId }),
    ];
    const shopper = await store.guest();
    const cart = await cartWith(shopper.token, own.sku);
    await cartWith(shopper.token, foreign.sku);
    expect(valueAt((await cart.coupon(textAt(code).toLowerCase())).body, 'coupons')).toEqual([code]);
    const summary = await cart.summary();
    expect(summary).toMatchObject({
      discount: 200,
      promotions: [{ id, discount: 200 }],
      coupons: [{ code, problem: null }],
    });
    expect(
      numberAt(summary, 'subtotal') -
        numberAt(summary, 'discount') +
        numberAt(summary, 'tax') +
        numberAt(summary, 'shipping'),
    ).toBe(valueAt(summary, 'total'));
    expect(valueAt((await cart.drop(code)).body, 'coupons')).toEqual([]);
    expect(valueAt(await cart.summary(), 'discount')).toBe(0);

    await cart.coupon(code);
    await store.call('PATCH', `${at}/${id}`, { token: merchant.token, body: { version, state: 'paused' } });
    expect(await cart.summary()).toMatchObject({ discount: 0, coupons: [{ problem: 'ENDED' }] });
    const stale = await store.call('PATCH', `${at}/${id}`, { token: merchant.token, body: { version, title: 'x' } });
    expect(valueAt(stale.body, 'code')).toBe('PROMOTION_CHANGED');
  });

  it('of the shop applies by itself where its conditions hold', async () => {
    const admin = await store.person('admin');
    const { sku, categoryId } = await sell(store.database.pool);
    const conditions = { firstOrder: true, minimumMinor: 2_000, currency: 'EUR', categoryId };
    const made = await make(admin.token, { ...tenPercent, conditions });
    expect(made.body).toMatchObject({ merchantId: null, perUserLimit: 1 });
    expect(await (await cartWith((await store.person()).token, sku)).summary()).toMatchObject({ discount: 200 });
    expect(await (await cartWith((await store.guest()).token, sku)).summary()).toMatchObject({ discount: 0 });
    await store.call('DELETE', `${at}/${textAt(made.body, 'id')}`, { token: admin.token });
    expect(
      valueAt((await store.call('GET', `${at}/${textAt(made.body, 'id')}`, { token: admin.token })).body, 'state'),
    ).toBe('ended');
  });

  it.each([
    { ...tenPercent, benefit: { kind: 'percentage', ppm: 1_000_001 } },
    { ...tenPercent, benefit: { kind: 'fixed', amountMinor: -1 } },
    { ...tenPercent, benefit: { kind: 'fixed', amountMinor: 500 } },
    { ...tenPercent, benefit: { kind: 'theft' } },
    { ...tenPercent, codeKind: 'shared' },
    { ...tenPercent, code: 'ABC' },
    { ...tenPercent, codeKind: 'shared', code: '<script>' },
    { ...tenPercent, totalLimit: 0 },
    { ...tenPercent, perUserLimit: 0 },
    { ...tenPercent, startsAt: 2_000, endsAt: 1_000 },
    { ...tenPercent, used: 5 },
  ])('is refused when it makes no sense: %j', async (body) => {
    expect((await make((await store.person('admin')).token, body)).status).toBe(400);
  });
});

describe('one-time codes', () => {
  it('are told once, work once, and are never listed', async () => {
    const merchant = await store.person('merchant');
    const { sku } = await sell(store.database.pool, { merchantId: merchant.userId });
    const id = textAt((await make(merchant.token, { ...tenPercent, codeKind: 'single', perUserLimit: 5 })).body, 'id');
    const batch = await store.call('POST', `${at}/${id}/codes`, { token: merchant.token, body: { count: 3 } });
    expect(batch.status).toBe(201);
    const [code = '', second = ''] = shapedAt(Type.Array(Type.String()), batch.body, 'codes');
    expect(code).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
    expect(new Set(listAt(batch.body, 'codes')).size).toBe(3);
    const plain = code.replaceAll('-', '');
    const stored = await store.database.pool.query('select promotion_codes::text as row from promotion_codes');
    expect(stored.rows.map(({ row }) => row).join('\n')).not.toContain(plain);
    const list = await store.call('GET', `${at}/${id}/codes?limit=2`, { token: merchant.token });
    expect(valueAt(list.body, 'items')).toHaveLength(2);
    expect(valueAt(list.body, 'nextCursor')).not.toBeNull();
    expect(list.text).not.toContain(plain);
    expect(
      (await store.call('GET', `${at}/${id}/codes`, { token: (await store.person('merchant')).token })).status,
    ).toBe(404);

    const shopper = await store.person();
    const cart = await cartWith(shopper.token, sku);
    expect((await cart.coupon(code.toLowerCase())).status).toBe(200);
    expect(await cart.summary()).toMatchObject({ discount: 200 });
    const guest = await cartWith((await store.guest()).token, sku);
    expect((await guest.coupon(second)).body).toMatchObject({ code: 'COUPON_NOT_APPLICABLE', detail: 'SIGN_IN_FIRST' });

    const uses = [{ promotionId: id, codeHash: hashOfCode(plain), discountMinor: 200, currency: 'EUR' }];
    const [nowMs, userId] = [Date.now(), newId()];
    await withTransaction(store.database.pool, (client) =>
      redeemCodes(client, { reference: newId(), userId, uses, nowMs, untilMs: nowMs + 60_000 }),
    );
    expect(await cart.summary()).toMatchObject({ discount: 0, coupons: [{ problem: 'USED' }] });
    expect(valueAt((await (await cartWith((await store.person()).token, sku)).coupon(code)).body, 'code')).toBe(
      'COUPON_USED',
    );
    const used = await store.call('GET', `${at}/${id}/codes`, { token: merchant.token });
    expect(listAt(used.body, 'items').filter((one) => valueAt(one, 'isUsed'))).toMatchObject([
      { ending: plain.slice(-4) },
    ]);
    expect(valueAt((await store.call('GET', `${at}/${id}`, { token: merchant.token })).body, 'uses')).toEqual({
      committed: 0,
      reserved: 1,
    });
  });

  it('cannot be guessed by trying', async () => {
    const { token } = await store.guest();
    const { sku } = await sell(store.database.pool);
    const cart = await cartWith(token, sku);
    const codes: string[] = [];
    for (let tried = 0; tried < 25; tried += 1) codes.push(textAt((await cart.coupon(`GUESS${tried}`)).body, 'code'));
    expect(codes[0]).toBe('COUPON_UNKNOWN');
    expect(codes.at(-1)).toBe('RATE_LIMITED');
  });
});
