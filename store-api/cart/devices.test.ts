/** Two store processes, several devices, and a Redis that forgets everything. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cartKeys } from '../../contracts/cart-keys.ts';
import { CLOSE } from '../../contracts/close-codes.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { closeRedis, connectRedis, type Redis } from '../../platform/connections/redis.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { reprice, sell } from '../../test/fixtures/goods.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { valueAt } from '../../test/fixtures/told.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { createStore } from '../app.ts';
import type { StoreApp } from '../services.ts';

const store = useStore();
const WITHIN = { withinMs: 5_000 };
let other: StoreApp;
let otherRedis: Redis;
let urls: readonly [string, string];

beforeAll(async () => {
  otherRedis = await connectRedis({ url: `redis://${addressOf(store.redis)}`, name: 'other-store', log: silentLog });
  other = await createStore({
    providers: { byName: () => undefined },
    database: store.database.pool,
    redis: otherRedis,
    redisPrefix: store.redisPrefix,
    accessTokens: store.tokens,
    nextId: createIdSource(systemClock),
    clock: systemClock,
    readiness: async () => ({ ready: true, checks: [] }),
    log: silentLog,
  });
  const listen = (app: StoreApp) => app.listen({ host: '127.0.0.1', port: 0 });
  urls = [await listen(store.app), await listen(other)];
});
afterAll(async () => {
  await other.close();
  await closeRedis(otherRedis);
});

function addressOf(redis: Redis): string {
  if (!('host' in redis.options)) throw new Error('a single Redis');
  return `${redis.options.host ?? ''}:${redis.options.port ?? ''}`;
}

function device(url: string, token?: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/cart/socket`);
  const carts: { version: number; items: { sku: string; quantity: number }[] }[] = [];
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)));
  const opened = new Promise<void>((resolve) => socket.addEventListener('open', () => resolve()));
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data));
    if (message.t === 'cart') carts.push(message.cart);
  });
  if (token !== undefined) void opened.then(() => socket.send(JSON.stringify({ t: 'hello', token })));
  return {
    socket,
    carts,
    closed,
    opened,
    sees: (quantity: number | undefined) => carts.at(-1)?.items[0]?.quantity === quantity,
  };
}

const add = (token: string, sku: string, quantity = 1) =>
  store.call('POST', '/api/v1/cart/items', { token, body: { sku, quantity } });

describe('devices', () => {
  it('of one person see each change, whichever store process they are at, and nobody else does', async () => {
    const [{ token }, stranger] = [await store.person(), await store.person()];
    const { sku } = await sell(store.database.pool);
    const [here, there, foreign] = [device(urls[0], token), device(urls[1], token), device(urls[1], stranger.token)];
    await eventually(() => [here, there, foreign].every(({ carts }) => carts.length === 1), WITHIN);
    await add(token, sku, 2);
    await eventually(() => here.sees(2) && there.sees(2), WITHIN);
    await store.call('DELETE', `/api/v1/cart/items/${sku}`, { token });
    await eventually(() => here.sees(undefined) && there.sees(undefined), WITHIN);
    expect(foreign.carts).toHaveLength(1);
    for (const { socket } of [here, there, foreign]) socket.close();
  });

  it('are sent away when they do not say who they are, say nonsense, or say too much', async () => {
    const { token } = await store.guest();
    const said = async (...messages: (string | Uint8Array<ArrayBuffer>)[]) => {
      const { socket, opened, closed } = device(urls[0]);
      await opened;
      for (const message of messages) socket.send(message);
      return await closed;
    };
    const hello = JSON.stringify({ t: 'hello', token });
    expect(await said('{"t":"hello","token":"a.b.c"}')).toBe(CLOSE.UNAUTHENTICATED);
    expect(await said('{"t":"ping"}')).toBe(CLOSE.UNAUTHENTICATED);
    expect(await said('{')).toBe(CLOSE.BAD_MESSAGE);
    expect(await said(new Uint8Array([1, 2]))).toBe(CLOSE.BAD_MESSAGE);
    expect(await said('x'.repeat(LIMITS.socketFrameBytes + 1))).toBe(1009);
    expect(await said(hello, JSON.stringify({ t: 'hello', token: (await store.guest()).token }))).toBe(
      CLOSE.UNAUTHENTICATED,
    );
    expect(await said(hello, ...new Array<string>(30).fill('{"t":"ping"}'))).toBe(CLOSE.RATE_LIMITED);
    const many = Array.from({ length: LIMITS.cartSocketsPerPerson + 1 }, () => device(urls[0], token));
    expect(await Promise.race(many.map(({ closed }) => closed))).toBe(CLOSE.BUSY);
    for (const { socket } of many) socket.close();
    expect((await store.call('GET', '/api/v1/cart/socket')).status).toBe(404);
  });
});

describe('Redis emptied', () => {
  it('costs an account nothing, even while it changes its cart', async () => {
    const { token, userId } = await store.person();
    const { sku } = await sell(store.database.pool);
    await add(token, sku, 3);
    const { cart, writing } = cartKeys(store.redisPrefix, userId);
    expect(await store.redis.exists(cart)).toBe(1);
    await store.redis.del(cart, writing);
    expect(valueAt((await store.call('GET', '/api/v1/cart', { token })).body, 'items')).toMatchObject([
      { sku, quantity: 3 },
    ]);
    expect(await store.redis.exists(cart)).toBe(1);
    await store.redis.del(cart);
    expect(valueAt((await add(token, sku)).body, 'items')).toMatchObject([{ quantity: 4 }]);
  });

  it('no copy older than the database is shown after a writer died between its two writes', async () => {
    const { token, userId } = await store.person();
    const { sku } = await sell(store.database.pool);
    await add(token, sku, 1);
    const { cart, writing } = cartKeys(store.redisPrefix, userId);
    // What a writer has done when it dies after its commit: the copy is away, its name stands, the row is new.
    await store.redis.multi().del(cart).set(writing, newId(), 'PX', 60_000).exec();
    await store.database.pool.query(
      `update carts set version = version + 1, body = replace(body, '"quantity":1', '"quantity":9') where user_id = $1`,
      [userId],
    );
    expect(valueAt((await store.call('GET', '/api/v1/cart', { token })).body, 'items')).toMatchObject([
      { quantity: 9 },
    ]);
    expect(await store.redis.exists(cart)).toBe(0);
    expect(valueAt((await add(token, sku)).body, 'items')).toMatchObject([{ quantity: 10 }]);
    expect(await store.redis.exists(cart, writing)).toBe(1);
  });
});

it('a guest signs in: the carts become one, another device sees it, a code counts, a new price is shown', async () => {
  const [guest, { token, userId }] = [await store.guest(), await store.person()];
  const db = store.database.pool;
  const [one, two] = [await sell(db, { priceMinor: 2_000 }), await sell(db, { priceMinor: 500 })];
  await add(token, one.sku, 1);
  await add(guest.token, one.sku, 3);
  await add(guest.token, two.sku, 2);
  const phone = device(urls[1], token);
  await eventually(() => phone.sees(1), WITHIN);

  const merged = await store.call('POST', '/api/v1/cart/merge', { token, body: { guestToken: guest.token } });
  expect(merged.body).toMatchObject({ dropped: [], cart: { subtotal: 7_000 } });
  await eventually(() => phone.sees(3) && phone.carts.at(-1)?.items.length === 2, WITHIN);
  expect(valueAt((await store.call('GET', '/api/v1/cart', { token: guest.token })).body, 'items')).toEqual([]);
  const again = await store.call('POST', '/api/v1/cart/merge', { token, body: { guestToken: guest.token } });
  expect(valueAt(again.body, 'cart', 'version')).toBe(valueAt(merged.body, 'cart', 'version'));
  expect((await store.call('POST', '/api/v1/cart/merge', { token, body: { guestToken: token } })).status).toBe(400);

  const admin = await store.person('admin');
  const code = newId().slice(-12);
  const promotion = { title: 'Half', benefit: { kind: 'percentage', ppm: 500_000 }, codeKind: 'shared', code };
  await store.call('POST', '/api/v1/promotions', { token: admin.token, body: promotion });
  await store.call('POST', '/api/v1/cart/coupons', { token, body: { code } });
  const summary = async () => (await store.call('GET', '/api/v1/cart/summary?country=DE', { token })).body;
  expect(await summary()).toMatchObject({ goods: 7_000, discount: 3_500, payable: true });

  await reprice(db, one.sku, 2_600);
  // The lock is over: as if half an hour had passed.
  const { cart } = cartKeys(store.redisPrefix, userId);
  await db.query(
    `update carts set body = regexp_replace(body, '"untilMs":[0-9]+', '"untilMs":1', 'g') where user_id = $1`,
    [userId],
  );
  await store.redis.del(cart);
  expect(await summary()).toMatchObject({ payable: false, priceChanges: [{ sku: one.sku, from: 2_000, to: 2_600 }] });
  const items = [{ sku: one.sku, unitPrice: 2_600 }];
  await store.call('POST', '/api/v1/cart/prices/accept', { token, body: { items } });
  expect(await summary()).toMatchObject({ payable: true, priceChanges: [], goods: 8_800, discount: 4_400 });
  phone.socket.close();
});
