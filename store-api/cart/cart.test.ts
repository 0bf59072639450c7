import { describe, expect, it } from 'vitest';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { reprice, sell } from '../../test/fixtures/goods.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

let passedMs = 0;
const clock = { now: () => Date.now() + passedMs };
const store = useStore({ clock });
const db = () => store.database.pool;
const cartAt = '/api/v1/cart';

async function add(
  token: string,
  sku: string,
  quantity: number,
  more: object = {},
  headers: Record<string, string> = {},
) {
  return await store.call('POST', `${cartAt}/items`, { token, body: { sku, quantity, ...more }, headers });
}
const see = (token: string, at = cartAt) => store.call('GET', at, { token });
const lines = (body: unknown) => listAt(body, 'items').map((item) => [textAt(item, 'sku'), numberAt(item, 'quantity')]);

describe.each(['guest', 'person'] as const)('the cart of a %s', (kind) => {
  it('takes items in, changes and drops them, at the prices of the shop', async () => {
    const { token } = await store[kind]();
    const [one, two] = [await sell(db(), { priceMinor: 1_250 }), await sell(db(), { onHand: 0 })];
    const added = await add(token, one.sku, 2);
    expect(added.status).toBe(200);
    expect(added.body).toMatchObject({ currency: 'EUR', subtotal: 2_500 });
    expect(valueAt(added.body, 'items')).toMatchObject([
      { sku: one.sku, title: 'Sneaker', variantTitle: 'Black', unitPrice: 1_250, total: 2_500, available: true },
    ]);
    await add(token, two.sku, 1);
    const changed = await store.call('PUT', `${cartAt}/items/${one.sku}`, { token, body: { quantity: 5 } });
    expect(lines(changed.body)).toEqual([
      [one.sku, 5],
      [two.sku, 1],
    ]);
    expect(valueAt(changed.body, 'items', 1)).toMatchObject({ available: false });
    const later = await store.call('POST', `${cartAt}/items/${two.sku}/save-for-later`, { token });
    expect(later.body).toMatchObject({ subtotal: 6_250, saved: [{ sku: two.sku }] });
    const back = await store.call('POST', `${cartAt}/items/${two.sku}/move-to-cart`, { token });
    expect(valueAt(back.body, 'items')).toHaveLength(2);
    expect(lines((await store.call('DELETE', `${cartAt}/items/${one.sku}`, { token })).body)).toEqual([[two.sku, 1]]);
    expect((await see(token)).body).toMatchObject({ subtotal: 1_000, saved: [] });
    expect(valueAt((await store.call('DELETE', cartAt, { token })).body, 'items')).toEqual([]);
    expect(valueAt((await see(token)).body, 'items')).toEqual([]);
  });

  it('adds once for one idempotency key', async () => {
    const { token } = await store[kind]();
    const { sku } = await sell(db());
    const headers = { 'idempotency-key': 'k-1' };
    await add(token, sku, 2, {}, headers);
    expect(lines((await add(token, sku, 2, {}, headers)).body)).toEqual([[sku, 2]]);
    expect((await add(token, sku, 3, {}, headers)).body).toMatchObject({ code: 'KEY_REUSED' });
  });

  it('keeps every one of fifty additions at the same instant, and refuses what is more', async () => {
    const { token } = await store[kind]();
    const { sku } = await sell(db());
    const answers = await Promise.all(Array.from({ length: 60 }, () => add(token, sku, 1)));
    const done = answers.filter(({ status }) => status === 200).length;
    for (const { status, body } of answers) if (status !== 200) expect(valueAt(body, 'code')).toBe('BUSY');
    expect(valueAt((await see(token)).body, 'items', 0, 'quantity')).toBe(done);
    expect(done).toBeGreaterThanOrEqual(LIMITS.cartChangesWaiting);
  });

  it('changes only from the version that was seen, where one is given', async () => {
    const { token } = await store[kind]();
    const { sku } = await sell(db());
    const version = valueAt((await add(token, sku, 1)).body, 'version');
    expect((await add(token, sku, 1, { version })).status).toBe(200);
    expect((await add(token, sku, 1, { version })).body).toMatchObject({ code: 'CART_CHANGED', status: 409 });
  });

  it('lets the last write win, and keeps what was removed removed', async () => {
    const { token } = await store[kind]();
    const { sku } = await sell(db());
    const at = Date.now() - 10_000;
    await add(token, sku, 1, { at, device: 'a' });
    await store.call('PUT', `${cartAt}/items/${sku}`, { token, body: { quantity: 4, at: at + 5, device: 'a' } });
    const older = await store.call('PUT', `${cartAt}/items/${sku}`, {
      token,
      body: { quantity: 9, at: at + 3, device: 'b' },
    });
    expect(older.body).toMatchObject({ outdated: true, items: [{ quantity: 4 }] });
    await store.call('DELETE', `${cartAt}/items/${sku}?at=${at + 10}&device=a`, { token });
    expect((await add(token, sku, 1, { at: at + 7, device: 'b' })).body).toMatchObject({ outdated: true, items: [] });
    const ahead = await add(token, sku, 1, { at: Date.now() + 3_600_000, device: 'b' });
    expect(valueAt(ahead.body, 'items', 0, 'changedAt')).toBeLessThanOrEqual(Date.now());
  });
});

describe('a price', () => {
  it('that rose is held while it is locked, then shown, and not payable before a yes', async () => {
    const { token, userId } = await store.person();
    const { sku } = await sell(db(), { priceMinor: 1_000 });
    await add(token, sku, 2);
    await reprice(db(), sku, 1_500);
    expect(valueAt((await see(token)).body, 'items', 0)).toMatchObject({ unitPrice: 1_000, priceChange: null });
    passedMs = LIFETIMES.cartPriceLockMs + 1_000;
    try {
      const token = (await store.tokens.issue({ userId, kind: 'user', role: 'shopper' })).accessToken;
      expect(valueAt((await see(token)).body, 'items', 0)).toMatchObject({
        unitPrice: 1_500,
        priceChange: { from: 1_000, to: 1_500 },
      });
      // Changing the quantity is no yes, and neither is a yes to another price.
      await store.call('PUT', `${cartAt}/items/${sku}`, { token, body: { quantity: 3 } });
      const accept = (unitPrice: number) =>
        store.call('POST', `${cartAt}/prices/accept`, { token, body: { items: [{ sku, unitPrice }] } });
      expect(valueAt((await accept(1_400)).body, 'items', 0, 'priceChange')).toEqual({ from: 1_000, to: 1_500 });
      const summary = () => store.call('GET', `${cartAt}/summary?country=DE`, { token });
      expect((await summary()).body).toMatchObject({ payable: false, priceChanges: [{ sku, from: 1_000, to: 1_500 }] });
      expect(valueAt((await accept(1_500)).body, 'items', 0)).toMatchObject({ unitPrice: 1_500, priceChange: null });
      expect((await summary()).body).toMatchObject({ payable: true, goods: 4_500 });
    } finally {
      passedMs = 0;
    }
  });

  it('in another currency is converted at a rate that is locked as well', async () => {
    const { token } = await store.guest();
    const { sku } = await sell(db(), { priceMinor: 1_000 });
    await db().query(`insert into exchange_rates (currency, valid_from, per_reference)
      values ('EUR', now() - interval '2 days', 1), ('USD', now() - interval '2 days', 1.1)`);
    await add(token, sku, 1);
    const put = (currency: string) => store.call('PUT', `${cartAt}/currency`, { token, body: { currency } });
    expect((await put('USD')).body).toMatchObject({
      currency: 'USD',
      items: [{ unitPrice: 1_100, priceChange: null }],
    });
    await db().query(`insert into exchange_rates values ('USD', now() - interval '1 day', 1.2)`);
    expect(valueAt((await see(token)).body, 'items', 0)).toMatchObject({ unitPrice: 1_100 });
    expect((await put('XAU')).body).toMatchObject({ subtotal: 0, items: [{ problem: 'NO_EXCHANGE_RATE' }] });
  });
});

describe('hostile input', () => {
  it('is refused', async () => {
    const { token } = await store.guest();
    const { sku, productId } = await sell(db());
    for (const quantity of [-1, 0, 1.5, 100, 2 ** 53, 'x', null]) {
      expect((await add(token, sku, Number.NaN, { quantity })).status).toBe(400);
    }
    for (const price of [{ unitPrice: 1 }, { price: 1 }]) expect((await add(token, sku, 1, price)).status).toBe(400);
    expect((await add(token, 'NO-SUCH', 1)).body).toMatchObject({ code: 'ITEM_NOT_FOUND' });
    expect((await add(token, `'; drop table carts`, 1)).status).toBe(400);
    expect((await add(token, sku, 1, { at: 1 })).status).toBe(400);
    await add(token, sku, LIMITS.cartUnitsPerLine);
    expect((await add(token, sku, 1)).body).toMatchObject({ code: 'CART_FULL' });
    await db().query(`update products set status = 'archived' where id = $1`, [productId]);
    expect((await see(token)).body).toMatchObject({
      subtotal: 0,
      items: [{ problem: 'NO_LONGER_SOLD', available: false }],
    });
    const other = await store.guest();
    expect((await add(other.token, sku, 1)).body).toMatchObject({ code: 'ITEM_NOT_FOUND' });
  });

  it('does not open somebody else’s cart, but to support, whose changes are written down', async () => {
    const [owner, stranger, support] = [await store.person(), await store.person(), await store.person('support')];
    const { sku } = await sell(db());
    await add(owner.token, sku, 1);
    const at = `${cartAt}/${owner.userId}`;
    expect((await see(stranger.token, at)).status).toBe(403);
    expect((await store.call('DELETE', at, { token: stranger.token })).status).toBe(403);
    expect((await see((await store.guest()).token, at)).status).toBe(403);
    expect((await store.call('GET', at)).status).toBe(401);
    expect(lines((await see(owner.token, at)).body)).toEqual([[sku, 1]]);
    expect(lines((await see(support.token, at)).body)).toEqual([[sku, 1]]);
    await store.call('PUT', `${at}/items/${sku}`, { token: support.token, body: { quantity: 3 } });
    expect(lines((await see(owner.token)).body)).toEqual([[sku, 3]]);
    const acts = await db().query(`select from audit_log where action = 'cart.change' and subject_id = $1`, [
      owner.userId,
    ]);
    expect(acts.rowCount).toBe(1);
  });
});

describe('a wishlist', () => {
  it('is kept, and its wishes move to the cart', async () => {
    const { token } = await store.person();
    const { sku } = await sell(db());
    const at = `/api/v1/wishlist`;
    expect((await store.call('PUT', `${at}/${sku}`, { token })).status).toBe(204);
    expect((await store.call('PUT', `${at}/${sku}`, { token })).status).toBe(204);
    expect((await store.call('PUT', `${at}/NO-SUCH`, { token })).status).toBe(404);
    expect(valueAt((await see(token, at)).body, 'items')).toMatchObject([{ sku, price: 1_000, available: true }]);
    expect(lines((await store.call('POST', `${at}/${sku}/move-to-cart`, { token })).body)).toEqual([[sku, 1]]);
    expect(valueAt((await see(token, at)).body, 'items')).toEqual([]);
    expect((await store.call('DELETE', `${at}/${sku}`, { token })).status).toBe(404);
    expect((await see((await store.guest()).token, at)).status).toBe(403);
  });
});
