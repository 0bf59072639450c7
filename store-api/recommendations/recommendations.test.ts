import Type from 'typebox';
import { beforeAll, describe, expect, it } from 'vitest';
import { cartKeys } from '../../contracts/cart-keys.ts';
import type { FigureName } from '../../contracts/figures.ts';
import { encodeScored, recommendationKeys } from '../../contracts/recommendations.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import { indexChanges } from '../../db/queries/search/index-changes.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { type Sold, sell } from '../../test/fixtures/goods.ts';
import { type Call, useStore } from '../../test/fixtures/store.ts';
import { listAt, shapedAt, textAt, valueAt } from '../../test/fixtures/told.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { takeSessionAlong } from './session.ts';

interface Noted {
  readonly name: FigureName;
  readonly values: Readonly<Record<string, unknown>>;
  readonly subjectId: string | undefined;
}

let nowMs = Date.now();
const noted: Noted[] = [];
const store = useStore({
  clock: { now: () => nowMs },
  figures: { note: (name, values, about) => void noted.push({ name, values, subjectId: about?.subjectId }) },
});
const keys = () => recommendationKeys(store.redisPrefix);
const VERSION = newId();
const goods: Sold[] = [];
const product = (at: number): string => goods[at]?.productId ?? '';
const scored = (...list: readonly (readonly [at: number, score: number])[]): Buffer =>
  encodeScored(list.map(([at, score]) => ({ productId: product(at), score })));

beforeAll(async () => {
  for (let at = 0; at < 12; at += 1) goods.push(await sell(store.database.pool, { title: `Thing ${at}` }));
  await indexChanges(store.database.pool, 100);
});

/** A model under its version, and then the word that it is served. */
async function publish(): Promise<void> {
  await store.redis.set(keys().popular(VERSION), scored([9, 5], [8, 4], [0, 3]));
  await store.redis.set(keys().popularIn(VERSION, goods[1]?.categoryId ?? ''), scored([7, 2], [1, 1]));
  await store.redis.set(keys().similar(VERSION, product(0)), scored([1, 0.9], [2, 0.8]));
  await store.redis.set(keys().similar(VERSION, product(1)), scored([3, 0.7], [0, 0.6]));
  await store.redis.set(keys().together(VERSION, product(4)), scored([5, 12], [6, 3]));
  await store.redis.zadd(keys().trending, 1e9, product(10), 5e8, product(0));
  await store.redis.set(keys().current, VERSION);
  later();
}

/** So late that what stores remember is looked at anew. */
function later(): void {
  nowMs += 60_000;
}

const ask = (userId: string, token: string, query = '', call: Call = {}) =>
  store.call('GET', `/api/v1/recommendations/${userId}${query}`, { ...call, token });
const Reason = Type.Object({ id: Type.String(), because: Type.String(), of: Type.Union([Type.String(), Type.Null()]) });
const reasons = (answered: unknown) =>
  shapedAt(Type.Array(Reason), answered, 'items').map(({ id, because, of }) => [
    goods.findIndex(({ productId }) => productId === id),
    because,
    ...(of === null ? [] : [goods.findIndex(({ productId }) => productId === of)]),
  ]);

describe('before there is a model', () => {
  it('shoppers get what sells best, only what is in stock', async () => {
    await store.database.pool.query('insert into product_signals (product_id, sold) values ($1, 50), ($2, 40)', [
      ...[product(11), product(3)],
    ]);
    await indexChanges(store.database.pool, 100);
    await store.database.pool.query('update inventory set reserved = on_hand where sku = $1', [goods[11]?.sku]);
    const { userId, token } = await store.guest();
    const { status, body } = await ask(userId, token);
    expect([status, valueAt(body, 'model'), valueAt(body, 'experiment')]).toEqual([200, null, null]);
    expect(reasons(body)[0]).toEqual([3, 'popular']);
    expect(reasons(body).map(([at]) => at)).not.toContain(11);
  });
});

describe('a shopper', () => {
  beforeAll(publish);

  it('of whom nothing is known gets what trends and what sells, then also what is like what they look at', async () => {
    const { userId, token } = await store.guest();
    const cold = await ask(userId, token, '?limit=3');
    expect(valueAt(cold.body, 'model')).toBe(VERSION);
    // Popular stands in for people alike: 40 against 20 of what trends. 0 is 3/5 of the one and half of the other.
    expect(reasons(cold.body)).toEqual([
      [9, 'popular'],
      [0, 'popular'],
      [8, 'popular'],
    ]);
    const viewed = await store.call('POST', '/api/v1/search/views', { token, body: { productId: product(1) } });
    expect(viewed.status).toBe(204);
    await eventually(async () => (await store.redis.llen(keys().session(userId))) === 1, { withinMs: 2_000 });
    const warm = await ask(userId, token, '?limit=5');
    const shown = reasons(warm.body);
    // In the kind of things that they looked at, 7 sells best; 1 they have just seen.
    expect(shown[0]).toEqual([7, 'popular']);
    expect(shown).toContainEqual([3, 'similar-to', 1]);
    expect(shown).toContainEqual([10, 'trending']);
    expect(shown.map(([at]) => at)).not.toContain(1);
  });

  it('whom the model knows gets their list, without what they bought and have in the cart', async () => {
    const { userId, token } = await store.person();
    await store.redis.set(keys().user(VERSION, userId), scored([2, 0.9], [5, 0.8], [6, 0.7], [0, 0.1]));
    const orderId = newId();
    await store.database.pool.query(
      `insert into orders (id, source, shopper_id, currency, items_minor, total_minor, placed_at)
       values ($1, 'store', $2, 'EUR', 1000, 1000, now())`,
      [orderId, userId],
    );
    await store.database.pool.query(
      `insert into order_items (order_id, line, sku, title, quantity, unit_price_minor) values ($1, 1, $2, 'x', 1, 1000)`,
      [orderId, goods[0]?.sku],
    );
    const body = { sku: goods[5]?.sku, quantity: 1 };
    expect((await store.call('POST', '/api/v1/cart/items', { token, body })).status).toBe(200);
    const { body: answer } = await ask(userId, token, '?limit=4');
    const shown = reasons(answer);
    // 2 is in the list and like the 0 that they bought; 1 is like it too.
    expect(shown[0]).toEqual([2, 'for-you']);
    expect(shown).toContainEqual([1, 'similar-to', 0]);
    expect(shown).toContainEqual([6, 'for-you']);
    for (const gone of [0, 5]) expect(shown.map(([at]) => at)).not.toContain(gone);
  });

  it('gets company for the cart, and for the product of a page', async () => {
    const { userId, token } = await store.guest();
    await store.call('POST', '/api/v1/cart/items', { token, body: { sku: goods[4]?.sku, quantity: 1 } });
    const cart = await ask(userId, token, '?place=cart&limit=8');
    expect(reasons(cart.body)).toContainEqual([5, 'bought-together', 4]);
    const page = await ask(userId, token, `?place=product&product=${product(0)}&limit=8&currency=EUR`);
    expect(reasons(page.body)).toContainEqual([2, 'similar-to', 0]);
    expect(reasons(page.body).map(([at]) => at)).not.toContain(0);
    expect(valueAt(page.body, 'items', 0)).toMatchObject({
      price: 1_000,
      currency: 'EUR',
      display: { converted: false },
    });
  });

  it('is not shown what has sold out, and gets as many as asked for where there are', async () => {
    const { userId, token } = await store.guest();
    await store.database.pool.query('update inventory set reserved = on_hand where sku = $1', [goods[9]?.sku]);
    later();
    const { body } = await ask(userId, token, '?limit=3');
    expect(valueAt(body, 'items')).toHaveLength(3);
    expect(reasons(body).map(([at]) => at)).not.toContain(9);
    await store.database.pool.query('update inventory set reserved = 0 where sku = $1', [goods[9]?.sku]);
    later();
  });

  it('goes on with their session when they sign in', async () => {
    const [guest, person] = [await store.guest(), await store.person()];
    await store.redis.lpush(keys().session(guest.userId), product(1));
    await takeSessionAlong(store, { userId: person.userId, guestId: guest.userId });
    expect(await store.redis.lrange(keys().session(person.userId), 0, -1)).toEqual([product(1)]);
  });

  it('is counted as one who was shown something, and support who looks is not', async () => {
    const [shopper, support] = [await store.person(), await store.person('support')];
    noted.length = 0;
    expect((await ask(shopper.userId, support.token)).status).toBe(200);
    expect(noted).toEqual([]);
    await ask(shopper.userId, shopper.token, '?place=cart&limit=2');
    expect(noted).toEqual([
      {
        name: 'recommendation.shown',
        values: { place: 'cart', arm: 'none', model: VERSION, products: 2 },
        subjectId: shopper.userId,
      },
    ]);
    const body = { productId: product(2), place: 'home' };
    expect((await store.call('POST', '/api/v1/recommendations/clicks', { token: shopper.token, body })).status).toBe(
      204,
    );
    expect(noted[1]).toMatchObject({ name: 'recommendation.clicked', values: { productId: product(2), arm: 'none' } });
    const nobodys = { productId: newId(), place: 'home' };
    const unknown = await store.call('POST', '/api/v1/recommendations/clicks', { token: shopper.token, body: nobodys });
    expect(unknown.status).toBe(404);
    expect((await ask(shopper.userId, (await store.person()).token)).status).toBe(403);
  });
});

describe('a product', () => {
  it('has what is like it, then what sells; what was bought with it, or nothing', async () => {
    const similar = await store.call('GET', `/api/v1/products/${product(1)}/similar?limit=4`);
    expect(reasons(similar.body)).toEqual([
      [3, 'similar-to', 1],
      [0, 'similar-to', 1],
      [7, 'popular'],
      [9, 'popular'],
    ]);
    expect(similar.headers['cache-control']).toContain('public');
    const together = await store.call('GET', `/api/v1/products/${product(4)}/bought-together`);
    expect(reasons(together.body)).toEqual([
      [5, 'bought-together', 4],
      [6, 'bought-together', 4],
    ]);
    expect(valueAt((await store.call('GET', `/api/v1/products/${product(1)}/bought-together`)).body, 'items')).toEqual(
      [],
    );
    expect((await store.call('GET', `/api/v1/products/${newId()}/similar`)).status).toBe(404);
  });
});

describe('what is broken or switched off', () => {
  it('is a list of a model that is none: as if it were not there', async () => {
    const { userId, token } = await store.person();
    await store.redis.set(keys().user(VERSION, userId), 'no list');
    await store.redis.set(servingKeys(store.redisPrefix).history(userId), '{"of":"another version"}');
    const { status, body } = await ask(userId, token);
    expect([status, listAt(body, 'items').length > 0]).toEqual([200, true]);
  });

  it('is a cart or a history that cannot be read: the cart is none, the history is read anew', async () => {
    const { userId, token } = await store.person();
    const history = servingKeys(store.redisPrefix).history(userId);
    await store.redis.set(history, '{');
    await store.redis.hset(cartKeys(store.redisPrefix, userId).cart, 'b', 'no cart');
    const { status, body } = await ask(userId, token);
    expect([status, listAt(body, 'items').length > 0]).toEqual([200, true]);
    await eventually(async () => (await store.redis.get(history)) !== '{', { withinMs: 2_000 });
  });

  it('is the flag: everybody gets what sells best, and x-shed says so', async () => {
    const { userId, token } = await store.person();
    await store.redis.set(keys().user(VERSION, userId), scored([2, 0.9]));
    const admin = await store.person('admin');
    await store.call('PUT', '/api/v1/admin/flags/recommendations', { token: admin.token, body: { state: 'off' } });
    const { status, headers, body } = await ask(userId, token, '?limit=2');
    expect([status, headers['x-shed']]).toEqual([200, 'recommendations']);
    expect(new Set(listAt(body, 'items').map((one) => textAt(one, 'because')))).toEqual(new Set(['popular']));
    await store.call('PUT', '/api/v1/admin/flags/recommendations', { token: admin.token, body: { state: 'auto' } });
  });
});
