/**
 * The journal of privileged acts: every unsafe route that admins or support may call for or about others is done once here
 * and writes one row, and what they read of people one as well. A route that nobody does here fails the test.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { FLAG_NAMES } from '../../contracts/flags.ts';
import { USUAL_SEGMENT_RULES } from '../../contracts/segments.ts';
import { openShop } from '../fixtures/catalog.ts';
import { fillCart, HOME, order, stock } from '../fixtures/checkout.ts';
import { openWarehouse, stockGoods } from '../fixtures/confirmed-order.ts';
import { deliverOrder } from '../fixtures/delivered-order.ts';
import { newId } from '../fixtures/drop.ts';
import { type Answer, type Method, useStore } from '../fixtures/store.ts';
import { numberAt, textAt, valueAt } from '../fixtures/told.ts';
import { readEntries, readRoutes, type WalkedRoute } from '../fixtures/walked-routes.ts';
import { pathOf } from './walk/walk.ts';

const store = useStore();
const api = '/api/v1';
let routes: readonly WalkedRoute[] = [];
let staff = { admin: '', support: '' };
const done = new Set<string>();

beforeAll(async () => {
  routes = await readRoutes(store);
  staff = { admin: (await store.person('admin')).token, support: (await store.person('support')).token };
});

const pool = () => store.database.pool;
async function written(): Promise<number> {
  const { rows } = await pool().query<{ count: number }>('select count(*)::integer as count from audit_log');
  return rows[0]?.count ?? 0;
}

interface Given {
  readonly ids?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Calls it, and sees that it was done and that so many rows tell of it. */
async function act(role: 'admin' | 'support', name: string, given: Given = {}, rows = 1): Promise<Answer> {
  const before = await written();
  const [method, path = ''] = name.split(' ');
  const headers = { 'idempotency-key': newId(), 'if-match': '*' };
  const url = pathOf(`${api}${path}`, given.ids ?? {});
  const answer = await store.call(methodOf(method), url, { token: staff[role], body: given.body, headers });
  expect(answer.status, `${name} by ${role}: ${answer.text}`).toBeLessThan(300);
  expect((await written()) - before, `rows of ${name}`).toBe(rows);
  done.add(`${method} ${api}${path}`);
  return answer;
}

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
function methodOf(text: string | undefined): Method {
  const method = METHODS.find((one) => one === text);
  if (method === undefined) throw new Error(`${text} is no method`);
  return method;
}

async function arrived(shopperId: string) {
  const merchantId = (await store.person('merchant')).userId;
  const warehouse = await openWarehouse(pool());
  const goods = await stockGoods(pool(), { merchantId, shelves: { [warehouse]: 3 } });
  return await deliverOrder(pool(), { shopperId, lines: [{ ...goods, from: { [warehouse]: 2 } }] });
}

async function returnOf(shopper: { userId: string; token: string }) {
  const orderId = await arrived(shopper.userId);
  const body = { items: [{ line: 1, quantity: 1 }], reason: 'It leaks.' };
  const asked = await store.call('POST', `${api}/orders/${orderId}/returns`, { token: shopper.token, body });
  return { orderId, id: textAt(asked.body, 'id') };
}

/** Of a hundred acts, on a machine that runs other tests as well. */
const ACTS_MS = 60_000;

describe('what staff does', { timeout: ACTS_MS }, () => {
  it('to the catalog, the shop and its settings', async () => {
    const category = { name: 'Mugs', slug: `c-${newId()}`, parentId: null };
    const made = await act('admin', 'POST /categories', { body: category });
    await act('admin', 'PUT /categories/{id}', {
      ids: { id: textAt(made.body, 'id') },
      body: { ...category, name: 'Cups' },
    });
    await act('admin', 'DELETE /categories/{id}', { ids: { id: textAt(made.body, 'id') } });
    const brand = await act('admin', 'POST /brands', { body: { name: 'Clay', slug: `b-${newId()}` } });
    const ids = { id: textAt(brand.body, 'id') };
    await act('admin', 'PUT /brands/{id}', { ids, body: { name: 'Clay & Co', slug: `b-${newId()}` } });
    await act('admin', 'DELETE /brands/{id}', { ids });
    await act('admin', 'PUT /rates/{currency}', { ids: { currency: 'EUR' }, body: { perReference: '0.9' } });
    const group = await act('admin', 'POST /search/synonyms', { body: { terms: ['mug', 'cup'] } });
    await act('admin', 'PUT /search/synonyms/{id}', {
      ids: { id: textAt(group.body, 'id') },
      body: { terms: ['mug', 'beaker'] },
    });
    await act('admin', 'DELETE /search/synonyms/{id}', { ids: { id: textAt(group.body, 'id') } });
    await act('admin', 'PUT /admin/flags/{name}', { ids: { name: FLAG_NAMES[0] ?? '' }, body: { state: 'auto' } });
  });

  it('with people, and with who wants to sell', async () => {
    const { userId: id } = await store.person();
    await act('support', 'PUT /users/{id}/block', { ids: { id }, body: {} });
    await act('support', 'PUT /users/{id}/unblock', { ids: { id }, body: {} });
    await act('admin', 'PUT /users/{id}/role', { ids: { id }, body: { role: 'support' } });
    await act('admin', 'PUT /users/{id}/role', { ids: { id }, body: { role: 'shopper' } });
    await act('support', 'POST /users/{id}/privacy-requests', { ids: { id }, body: { kind: 'erasure' } });
    await act('support', 'DELETE /users/{id}/privacy-requests/erasure', { ids: { id } });
    for (const steps of [['approve', 'suspend', 'reinstate'], ['decline']]) {
      const applicant = await store.person();
      const body = { name: 'Clay', legalName: 'Clay GmbH', country: 'DE', contactEmail: 'a@shop.example' };
      await store.call('POST', `${api}/seller/application`, { token: applicant.token, body });
      for (const step of steps) {
        const note = { note: 'As it says.' };
        await act('admin', `POST /admin/merchants/{id}/${step}`, { ids: { id: applicant.userId }, body: note });
      }
    }
  });

  it('in somebody’s cart, up to their checkout', async () => {
    const shopper = await store.person();
    const { sku } = await stock(store);
    await fillCart(store, shopper, sku, 3);
    const ids = { userId: shopper.userId, sku, code: 'NOPE' };
    await act('support', 'PUT /cart/{userId}/currency', { ids, body: { currency: 'EUR' } });
    await act('support', 'PUT /cart/{userId}/items/{sku}', { ids, body: { quantity: 2 } });
    await act('support', 'POST /cart/{userId}/items/{sku}/save-for-later', { ids, body: {} });
    await act('support', 'POST /cart/{userId}/items/{sku}/move-to-cart', { ids, body: {} });
    const seen = { items: [{ sku, unitPrice: 1_000 }] };
    await act('support', 'POST /cart/{userId}/prices/accept', { ids, body: seen });
    const code = newId().slice(-12).toUpperCase();
    const promotion = { title: 'A tenth', benefit: { kind: 'percentage', ppm: 100_000 }, codeKind: 'shared', code };
    await store.call('POST', `${api}/promotions`, { token: staff.admin, body: promotion });
    await act('support', 'POST /cart/{userId}/coupons', { ids, body: { code } });
    await act('support', 'DELETE /cart/{userId}/coupons/{code}', { ids: { ...ids, code } });
    await act('support', 'POST /cart/{userId}/checkout', { ids, body: { address: HOME } });
    await act('support', 'DELETE /cart/{userId}/items/{sku}', { ids });
    await act('support', 'POST /cart/{userId}/items', { ids, body: { sku, quantity: 1 } });
    await act('support', 'DELETE /cart/{userId}', { ids });
  });

  it('about orders, returns and money', async () => {
    const shopper = await store.person();
    const declined = await returnOf(shopper);
    await act('support', 'POST /returns/{id}/decline', { ids: declined, body: { note: 'They were used.' } });
    const taken = await returnOf(shopper);
    await act('support', 'POST /returns/{id}/approve', { ids: taken, body: {} });
    await act('support', 'POST /returns/{id}/receive', { ids: taken, body: { items: [] } });
    await pool().query(`update refunds set status = 'REFUSED', due_at = null where order_id = $1`, [taken.orderId]);
    await act('support', 'POST /returns/{id}/refund', { ids: taken });
    const paid = await arrived(shopper.userId);
    await act('support', 'POST /payments/{id}/refund', { ids: { id: paid }, body: { amount: 1, reason: 'sorry' } });
  });

  it('about what waits for a decision', async () => {
    const shopper = await store.person();
    const { sku, productId } = await stock(store);
    await pool().query(`insert into risk_flags (user_id, flag) values ($1, 'suspicious-device')`, [shopper.userId]);
    await fillCart(store, shopper, sku);
    const checkout = await store.call('POST', `${api}/cart/checkout`, {
      token: shopper.token,
      body: { address: HOME },
    });
    const placed = await order(store, shopper, textAt(checkout.body, 'id'));
    expect(valueAt(placed.body, 'status'), placed.text).toBe('REVIEW');
    const ids = { id: textAt(checkout.body, 'id') };
    await act('support', 'POST /admin/order-reviews/{id}/decide', { ids, body: { decision: 'approved' } });

    const body = { stars: 5, title: 'A mug', text: 'It holds coffee, and keeps it warm for an hour.' };
    const url = `${api}/products/${productId}/reviews`;
    const review = await store.call('POST', url, {
      token: shopper.token,
      body,
      headers: { 'idempotency-key': newId() },
    });
    expect(review.status, review.text).toBe(201);
    const decision = { decision: 'reject', note: 'Not about this mug.', version: numberAt(review.body, 'version') };
    await act('support', 'POST /admin/reviews/{id}/decide', { ids: { id: textAt(review.body, 'id') }, body: decision });
  });

  it('with experiments', async () => {
    const name = `walk-${newId().slice(-8)}`;
    const arms = [
      { name: 'as-it-is', share: 50 },
      { name: 'other', share: 50, weights: { collaborative: 1, content: 1, trending: 1, session: 1 } },
    ];
    await act('admin', 'POST /admin/experiments', { body: { name, arms } });
    await act('admin', 'POST /admin/experiments/{name}/start', { ids: { name }, body: {} });
    await act('admin', 'POST /admin/experiments/{name}/stop', { ids: { name }, body: {} });
  });

  it('with the money of merchants', async () => {
    const { userId: merchantId } = await store.person('merchant');
    await act('admin', 'POST /admin/commissions', { body: { basisPoints: 250 } });
    const to = Date.now() - 30 * 24 * 3_600_000;
    await act('admin', 'POST /admin/payouts', { body: { to, merchantId } });
    await act('admin', 'PUT /admin/segments/rules', { body: USUAL_SEGMENT_RULES });
  });

  it('as an admin with the goods of a merchant', async () => {
    const entries = await readEntries();
    const sold = routes.filter(({ method, access }) => method !== 'GET' && isSellers(access));
    let count = 0;
    for (const { name, method, path } of sold) {
      const entry = entries[name];
      if (entry === undefined || typeof entry === 'string' || 'publicName' in entry) continue;
      const owner = await store.person(entry.role ?? 'merchant');
      const url = pathOf(path, await entry.make({ store, owner }));
      const before = await written();
      const headers = { 'idempotency-key': newId(), ...entry.headers };
      const answer = await store.call(method, url, { token: staff.admin, body: entry.body, headers });
      expect(answer.status, `${name}: ${answer.text}`).toBeLessThan(300);
      expect((await written()) - before, `rows of ${name}`).toBeGreaterThan(0);
      count += 1;
    }
    expect(count).toBeGreaterThan(25);
  });

  it('is all that staff can do', () => {
    const unsafe = routes.filter(({ method, access }) => method !== 'GET' && isStaffs(access));
    expect(unsafe.map(({ name }) => name).filter((name) => !done.has(name))).toEqual([]);
    expect(unsafe.length).toBeGreaterThan(30);
  });
});

function isSellers(access: WalkedRoute['access']): boolean {
  return access.to === 'roles' && access.roles.includes('merchant') && access.roles.includes('admin');
}

/** For staff alone, or for them where it is somebody else's. What sellers may as well is theirs, and admins' as one of them. */
function isStaffs(access: WalkedRoute['access']): boolean {
  if (access.to === 'own') return access.orRoles.length > 0;
  return access.to === 'roles' && (!access.roles.includes('merchant') || access.roles.includes('support'));
}

describe('what staff reads', () => {
  it('of people is written down, also a list; not their own things, and not goods', async () => {
    const shopper = await store.person();
    const id = await arrived(shopper.userId);
    const [ids, theirs] = [{ id }, { id: shopper.userId, userId: shopper.userId }];
    await act('support', 'GET /orders/{id}', { ids });
    await act('support', 'GET /orders/{id}/history', { ids });
    await act('support', 'GET /orders/{id}/tracking', { ids });
    await act('support', 'GET /payments/{id}/status', { ids });
    await act('support', 'GET /users/{id}', { ids: theirs });
    await act('support', 'GET /users/{id}/orders', { ids: theirs });
    await act('support', 'GET /users/{id}/privacy-requests', { ids: theirs });
    await act('support', 'GET /cart/{userId}', { ids: theirs });
    for (const path of ['/users', '/admin/merchants', '/admin/order-reviews', '/admin/reviews'])
      await act('support', `GET ${path}`);
    for (const path of ['/me', '/cart', '/orders', '/products', '/drops']) await act('support', `GET ${path}`, {}, 0);
    for (const path of ['/audit-log', '/admin/flags', '/seller/products']) await act('admin', `GET ${path}`, {}, 0);
    const by = `subjectKind=users.orders&subjectId=${shopper.userId}&action=read&from=${Date.now() - 60_000}`;
    const journal = await store.call('GET', `${api}/audit-log?${by}`, { token: staff.admin });
    expect(valueAt(journal.body, 'items')).toMatchObject([{ action: 'read', actorRole: 'support', detail: {} }]);
    const earlier = await store.call('GET', `${api}/audit-log?${by}&until=${Date.now() - 50_000}`, {
      token: staff.admin,
    });
    expect(valueAt(earlier.body, 'items')).toEqual([]);
    const refused = await store.call('GET', `${api}/orders/${newId()}`, { token: staff.support });
    expect(refused.status).toBe(404);
  });

  it('is not shown when it cannot be written down', async () => {
    const { userId } = await store.person();
    await pool().query('alter table audit_log add constraint closed check (false) not valid');
    const read = await store.call('GET', `${api}/users/${userId}/orders`, { token: staff.support });
    await pool().query('alter table audit_log drop constraint closed');
    expect(read.status).toBe(400);
    expect(read.body).not.toHaveProperty('items');
  });
});

describe('the journal', () => {
  it('only grows', async () => {
    const shop = await openShop(store);
    await store.call('POST', `${api}/me/api-keys`, { token: shop.token, body: { name: 'a', scopes: ['orders:read'] } });
    for (const change of [`update audit_log set action = 'x'`, 'delete from audit_log', 'truncate audit_log']) {
      await expect(pool().query(change), change).rejects.toMatchObject({ code: 'ODJ01' });
    }
  });
});
