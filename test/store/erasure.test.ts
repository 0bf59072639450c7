/** A shopper with a whole life in the store asks for a copy of it, and for all of it to be erased. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIFETIMES } from '../../contracts/limits.ts';
import { encodeScored, recommendationKeys } from '../../contracts/recommendations.ts';
import { PERSONAL_DATA } from '../../db/personal-data.ts';
import { pruneOld } from '../../db/queries/prune-old.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLiveThings } from '../../queue-workers/privacy/live-things.ts';
import { startPrivacy } from '../../queue-workers/privacy/privacy.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createLine } from '../../reservation-core/line.ts';
import { stock } from '../fixtures/checkout.ts';
import { openWarehouse, stockGoods } from '../fixtures/confirmed-order.ts';
import { deliverOrder } from '../fixtures/delivered-order.ts';
import { joinRow, liveDrop, newId } from '../fixtures/drop.ts';
import { findInDatabase, findInRedis } from '../fixtures/find-words.ts';
import { silentLog, useShards } from '../fixtures/shards.ts';
import { type Method, useStore } from '../fixtures/store.ts';
import { listAt, objectAt, textAt, valueAt } from '../fixtures/told.ts';
import { eventually } from '../servers/eventually.ts';
import { useRedis } from '../servers/redis.ts';

let offsetMs = 0;
const clock = { ...systemClock, now: () => systemClock.now() + offsetMs };
const store = useStore({ clock });
// The lines of drops, under keys of their own on the same server.
const sale = useRedis();
const shops = useShards(sale);
const { keys } = shops;

const PERSON = {
  email: 'wilhelmina@quastenflosse.example',
  name: 'Wilhelmina Quastenflosse',
  street: 'Lemurengasse 17',
  phone: '+49 30 5550199',
} as const;
const WORDS = [PERSON.email, 'quastenflosse', 'Lemurengasse', '5550199'];
const PASSWORD = 'a long and quiet evening';
const address = {
  ...{ recipient: PERSON.name, line1: PERSON.street, city: 'Wien', postalCode: '1010', country: 'AT' },
  phone: PERSON.phone,
};

let worker: ReturnType<typeof startPrivacy> | undefined;
let dropId = '';
const line = () => createLine({ shards: shops.shards, keys, clock, edge: 'test', onFailedCall: () => undefined });

beforeAll(async () => {
  const drops = createDrops({ shards: shops.shards, keys });
  const drop = liveDrop(Date.now());
  dropId = drop.id;
  await drops.publish(drop);
  const live = createLiveThings({ shards: shops.shards, keys, drops, line: line(), prefix: store.redisPrefix });
  worker = startPrivacy({
    ...{ database: store.database.pool, live, clock, log: silentLog, everyMs: 20 },
    metrics: { ended: () => undefined, failed: () => undefined },
  });
});
afterAll(() => worker?.stop());

async function must(method: Method, path: string, token: string, body?: unknown) {
  const headers = { 'idempotency-key': newId() };
  const answer = await store.call(method, `/api/v1${path}`, { token, body, headers });
  if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
  return answer;
}

async function stateOf(token: string, id: string): Promise<string> {
  const items = listAt((await must('GET', '/me/privacy-requests', token)).body, 'items');
  return textAt(
    items.find((one) => textAt(one, 'id') === id),
    'state',
  );
}

/** Two orders that arrived, one of them with an invoice and a return; a basket, a wish, and a place in a line. */
async function liveALife() {
  const { pool } = store.database;
  const body = { email: PERSON.email, password: PASSWORD, name: PERSON.name };
  const registered = await store.call('POST', '/api/v1/auth/register', { body });
  const token: string = textAt(registered.body, 'accessToken');
  const userId: string = textAt((await must('GET', '/me', token)).body, 'id');
  await must('POST', '/me/addresses', token, address);
  await must('POST', '/me/payment-methods', token, {
    kind: 'card',
    token: 'pm_quastenflosse',
    brand: 'visa',
    last4: '4242',
  });
  await must('PATCH', '/me/preferences', token, { language: 'de' });

  const { sku, productId } = await stock(store);
  await must('PUT', `/wishlist/${sku}`, token);
  await must('POST', '/search/views', token, { productId });
  const review = {
    stars: 4,
    title: 'A good mug',
    text: `It holds coffee. Ask for ${PERSON.name} in the ${PERSON.street}.`,
  };
  await must('POST', `/products/${productId}/reviews`, token, review);
  const recommend = recommendationKeys(store.redisPrefix);
  await store.redis.set(recommend.current, 'v1');
  await store.redis.set(recommend.user('v1', userId), encodeScored([{ productId, score: 0.5 }]));
  await store.redis.lpush(recommend.session(userId), productId);
  await must('POST', '/cart/items', token, { sku, quantity: 1 });
  const checkout = await must('POST', '/cart/checkout', token, { address });
  const order = await must('POST', '/orders', token, {
    ...{ checkoutId: valueAt(checkout.body, 'id'), paymentMethod: { kind: 'card', token: 'pm_quastenflosse' } },
  });
  await must('POST', '/cart/items', token, { sku, quantity: 2 });

  const merchantId = (await store.person('merchant')).userId;
  const warehouse = await openWarehouse(pool);
  const goods = await stockGoods(pool, { merchantId, shelves: { [warehouse]: 5 } });
  const bought = { shopperId: userId, recipient: PERSON.name, lines: [{ ...goods, from: { [warehouse]: 1 } }] };
  const [plain, invoiced] = [await deliverOrder(pool, bought), await deliverOrder(pool, bought)];
  await pool.query('update order_addresses set line1 = $2, phone = $3, email = $4 where order_id = any ($1)', [
    ...[[plain, invoiced], PERSON.street, PERSON.phone, PERSON.email],
  ]);
  await must('GET', `/orders/${invoiced}/invoice`, token);
  const asked = { items: [{ line: 1, quantity: 1 }], reason: `Ring me: ${PERSON.phone}, ${PERSON.name}` };
  const returned = await must('POST', `/orders/${plain}/returns`, token, asked);
  await pool.query(`insert into notices (event_id, user_id, template) values ($1, $2, 'order-confirmed')`, [
    newId(),
    userId,
  ]);
  await line().join(dropId, joinRow(userId), 'elsewhere');
  return { token, userId, orderId: textAt(order.body, 'id'), invoiced, plain, returnId: textAt(returned.body, 'id') };
}

describe('a copy of everything, and its end', () => {
  it('has all of a person, refuses while something is open, and then leaves nothing that names them', async () => {
    const { pool } = store.database;
    const { token, userId, orderId, invoiced, plain, returnId } = await liveALife();
    const before = [
      await findInDatabase(pool, WORDS),
      await findInRedis(store.redis, store.redisPrefix, [userId]),
    ] as const;
    expect(before[0]).toEqual(
      expect.arrayContaining(['users.email', 'addresses.line1', 'checkouts.body', 'returns.reason', 'reviews.body']),
    );

    // A copy, for its owner only.
    const asked = await must('POST', '/me/export', token);
    await eventually(async () => (await stateOf(token, textAt(asked.body, 'id'))) === 'done', { withinMs: 10_000 });
    const url = `/api/v1/me/privacy-requests/${textAt(asked.body, 'id')}/file`;
    expect((await store.call('GET', url, await store.person())).status).toBe(404);
    const file = await store.call('GET', url, { token });
    expect(file.headers['content-disposition']).toContain('attachment');
    expect(valueAt(file.body, 'account')).toMatchObject([{ email: PERSON.email, name: PERSON.name }]);
    expect(valueAt(file.body, 'addresses')).toMatchObject([{ line1: PERSON.street, phone: PERSON.phone }]);
    expect(
      listAt(file.body, 'orders')
        .map((one) => textAt(one, 'id'))
        .sort(),
    ).toEqual([orderId, plain, invoiced].sort());
    expect(valueAt(file.body, 'liveCart')).toHaveLength(1);
    expect(valueAt(file.body, 'recommended')).toHaveLength(1);
    expect(JSON.stringify(valueAt(file.body, 'reviews'))).toContain(PERSON.street);
    expect(valueAt(file.body, 'placesInLines')).toMatchObject([{ dropId, place: '1' }]);
    const empty = Object.entries(objectAt(file.body)).filter(([, list]) => Array.isArray(list) && list.length === 0);
    for (const part of ['wishlist', 'views', 'checkouts', 'notices', 'sessions', 'preferences', 'cart']) {
      expect(empty.map(([name]) => name)).not.toContain(part);
    }
    for (const secret of ['pm_quastenflosse', 'argon2', PASSWORD]) expect(file.text).not.toContain(secret);

    // Not without the password, nor while something is open.
    const erase = (body: object) => store.call('POST', '/api/v1/me/erase', { token, body });
    expect((await erase({})).status).toBe(401);
    expect((await erase({ password: 'another long evening' })).status).toBe(401);
    const refused = await erase({ password: PASSWORD });
    expect([refused.status, valueAt(refused.body, 'code')]).toEqual([409, 'ERASURE_BLOCKED']);
    expect(valueAt(refused.body, 'detail')).toContain(orderId);
    await must('PUT', `/orders/${orderId}/cancel`, token);
    const { token: support } = await store.person('support');
    await must('POST', `/returns/${returnId}/decline`, support, { note: `Dear ${PERSON.name}, no.` });
    await pool.query(`update payments set due_at = null where order_id = $1`, [orderId]);

    // Called off, asked again, and done after its days.
    const first = await erase({ password: PASSWORD });
    expect(first.status, first.text).toBe(202);
    await must('DELETE', '/me/erase', token);
    expect(await stateOf(token, textAt(first.body, 'id'))).toBe('withdrawn');
    const again = (await erase({ password: PASSWORD })).body;
    const rowOf = async () =>
      (await pool.query('select state, receipt from privacy_requests where id = $1', [valueAt(again, 'id')])).rows[0];
    expect(await rowOf()).toMatchObject({ state: 'waiting' });
    offsetMs += LIFETIMES.erasureGraceMs + 1_000;
    await eventually(async () => (await rowOf()).receipt.erasedAt !== undefined, { withinMs: 10_000 });

    // What came in with a token that still worked goes with the second look.
    await pool.query(`insert into wishlist_items (user_id, sku) select $1, sku from variants limit 1`, [userId]);
    offsetMs += LIFETIMES.erasureAfterMs + 1_000;
    await eventually(async () => (await rowOf()).state === 'done', { withinMs: 10_000 });

    // What other workers do meanwhile: events leave, and answers that were kept for a day go.
    await pool.query('delete from outbox');
    await pruneOld(pool, 'idempotency_keys', clock.now(), 1_000);

    const left = await findInDatabase(pool, WORDS);
    const kept = new Set(
      Object.entries(PERSONAL_DATA).flatMap(([table, data]) =>
        (data.kept ?? '').split(/\s+/).map((column) => `${table}.${column}`),
      ),
    );
    expect(left.filter((column) => !kept.has(column))).toEqual([]);
    const addresses = await pool.query('select order_id, phone, email from order_addresses where order_id = any ($1)', [
      [orderId, plain, invoiced],
    ]);
    expect(addresses.rows).toEqual([{ order_id: invoiced, phone: '', email: null }]);
    expect(await findInRedis(store.redis, store.redisPrefix, [...WORDS, userId])).toEqual([]);
    expect(await shops.shards.home.redis.hget(keys.line(dropId).places, userId)).toMatch(/^0\|/);
    const login = await store.call('POST', '/api/v1/auth/login', { body: { email: PERSON.email, password: PASSWORD } });
    expect(login.status).toBe(401);
    const journal = await pool.query<{ status: string }>('select status from orders where id = $1', [invoiced]);
    expect(journal.rows).toEqual([{ status: 'DELIVERED' }]);
    process.stdout.write(
      `erasure: found in ${before[0].length} columns and ${before[1].length} keys before, in ${left.join(' ')} after; ` +
        `${JSON.stringify((await rowOf()).receipt.rows)}\n`,
    );
  });
});
