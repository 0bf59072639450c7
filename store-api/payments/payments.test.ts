import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { postCaptures } from '../../db/queries/money-ledger.ts';
import { topUpWallets } from '../../db/queries/top-up-wallet.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { placeStoreOrder, type StoreOrderOptions, stockShelf } from '../../test/fixtures/store-order.ts';
import { textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const card = { kind: 'card', token: 'pm_card_visa' };

async function placed(options: StoreOrderOptions = {}) {
  const shopper = await store.person();
  const shelf = await stockShelf(store.database.pool);
  const order = await placeStoreOrder(store.database.pool, shelf, { shopperId: shopper.userId, ...options });
  return { ...order, token: shopper.token, merchantId: shelf.merchantId };
}

const set = (what: string, orderId: string) =>
  store.database.pool.query(`update payments set ${what} where order_id = $1`, [orderId]);

function process(token: string, body: object, key: string = newId()) {
  return store.call('POST', '/api/v1/payments/process', { token, body, headers: { 'idempotency-key': key } });
}

function refund(token: string, id: string, body: object, key: string = newId()) {
  return store.call('POST', `/api/v1/payments/${id}/refund`, { token, body, headers: { 'idempotency-key': key } });
}

async function captured(amountMinor = 1_000) {
  const order = await placed({ priceMinor: amountMinor });
  await set(`status = 'CAPTURED', captured_at = now(), provider = 'stripe', due_at = null`, order.orderId);
  const { orderId } = order;
  await withTransaction(store.database.pool, (client) => postCaptures(client, [{ orderId, id: orderId }]));
  return order;
}

describe('paying an order', () => {
  it('chooses the way for one that waits for it, once for each key', async () => {
    const { orderId, token } = await placed({ kind: null });
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => process(token, { orderId, paymentMethod: card }, key)),
    );
    const done = answers.filter(({ status }) => status === 202);
    expect(done.length).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    for (const { body } of done) expect(body).toEqual({ id: orderId, orderId, status: 'PENDING' });
    const status = await store.call('GET', `/api/v1/payments/${orderId}/status`, { token });
    expect(status.body).toMatchObject({ id: orderId, status: 'PENDING', kind: 'card', amount: 1_000, refunds: [] });
    const other = await process(token, { orderId, paymentMethod: { kind: 'cod' } }, key);
    expect([other.status, valueAt(other.body, 'code')]).toEqual([422, 'KEY_REUSED']);
  });

  it('tries another way after one was declined, so often and no more', async () => {
    const { orderId, token } = await placed();
    const declined = `status = 'FAILED', failure = 'card_declined', due_at = null`;
    await set(declined, orderId);
    for (let tries = 2; tries <= LIMITS.paymentAttempts; tries += 1) {
      const again = await process(token, { orderId, paymentMethod: card });
      expect(again.status).toBe(202);
      expect(valueAt(again.body, 'id')).not.toBe(orderId);
      const under = await process(token, { orderId, paymentMethod: card });
      expect([under.status, valueAt(under.body, 'code')]).toEqual([409, 'PAYMENT_UNDER_WAY']);
      await set(`${declined}, kind = coalesce(kind, 'card')`, orderId);
      const status = await store.call('GET', `/api/v1/payments/${textAt(again.body, 'id')}/status`, { token });
      expect(status.body).toMatchObject({
        id: valueAt(again.body, 'id'),
        orderId,
        status: 'FAILED',
        failure: 'card_declined',
      });
    }
    const last = await process(token, { orderId, paymentMethod: card });
    expect([last.status, valueAt(last.body, 'code')]).toEqual([409, 'ATTEMPTS_USED_UP']);
  });

  it('opens one try when fifty are asked for at once', async () => {
    const { orderId, token } = await placed();
    await set(`status = 'FAILED', due_at = null`, orderId);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => process(token, { orderId, paymentMethod: card })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    const { rows } = await store.database.pool.query('select id from payments where order_id = $1', [orderId]);
    expect(rows).toHaveLength(2);
  });

  it('is refused for what is paid, over, somebody else’s, or without saying how', async () => {
    const { orderId, token } = await placed({ kind: null });
    const asked = { orderId, paymentMethod: card };
    const stranger = await process((await store.person()).token, asked);
    expect([stranger.status, valueAt(stranger.body, 'code')]).toEqual([404, 'NOT_FOUND']);
    const code = async (body: object) => textAt((await process(token, body)).body, 'code');
    expect(await code({ orderId })).toBe('INVALID');
    expect(await code({ orderId, paymentMethodId: newId() })).toBe('NOT_FOUND');
    expect(await code({ orderId, paymentMethod: { kind: 'card', token: '4242424242424242' } })).toBe('CARD_NUMBER');
    expect(await code({ orderId, paymentMethod: { kind: 'gold' } })).toBe('INVALID');
    const unkeyed = await store.call('POST', '/api/v1/payments/process', { token, body: asked });
    expect([unkeyed.status, valueAt(unkeyed.body, 'code')]).toEqual([400, 'KEY_REQUIRED']);
    await store.database.pool.query(`update orders set hold_until = now() where id = $1`, [orderId]);
    expect(await code(asked)).toBe('ORDER_NOT_PAYABLE');
    await store.database.pool.query(`update orders set status = 'CANCELLED' where id = $1`, [orderId]);
    expect(await code(asked)).toBe('ORDER_NOT_PAYABLE');
    const { rows } = await store.database.pool.query('select kind from payments where order_id = $1', [orderId]);
    expect(rows).toEqual([{ kind: null }]);
  });
});

describe('the status of a payment', () => {
  it('is for its shopper and the support', async () => {
    const { orderId, token } = await placed();
    const get = (as: string | undefined) => store.call('GET', `/api/v1/payments/${orderId}/status`, { token: as });
    expect((await get(token)).status).toBe(200);
    expect((await get((await store.person('support')).token)).status).toBe(200);
    expect((await get((await store.person('merchant')).token)).status).toBe(404);
    expect((await get((await store.guest()).token)).status).toBe(404);
    expect((await get(undefined)).status).toBe(401);
  });
});

describe('a refund', () => {
  it('of parts never gives back more than was taken, also fifty at once', async () => {
    const { orderId } = await captured(1_000);
    const support = await store.person('support');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => refund(support.token, orderId, { amount: 90, reason: 'broken' })),
    );
    const given = answers.filter(({ status }) => status === 202);
    expect(given).toHaveLength(11);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'REFUND_TOO_LARGE' });
    const rest = await refund(support.token, orderId, { reason: 'the rest' });
    expect(rest.body).toMatchObject({ amount: 10, status: 'PENDING', currency: 'EUR' });
    expect((await refund(support.token, orderId, { reason: 'more' })).body).toMatchObject({
      code: 'REFUND_TOO_LARGE',
      detail: '0 EUR (minor units) are left.',
    });
    const { rows } = await store.database.pool.query(
      `select count(*)::int as acts from audit_log where action = 'payment.refund' and subject_id = $1`,
      [orderId],
    );
    expect(rows).toEqual([{ acts: 12 }]);
  });

  it('is made once for each key', async () => {
    const { orderId, token } = await captured();
    const support = await store.person('support');
    const key = newId();
    const [first, second] = [
      await refund(support.token, orderId, { amount: 100, reason: 'late' }, key),
      await refund(support.token, orderId, { amount: 100, reason: 'late' }, key),
    ];
    expect(second.body).toEqual(first.body);
    const status = await store.call('GET', `/api/v1/payments/${orderId}/status`, { token });
    expect(valueAt(status.body, 'refunds')).toMatchObject([
      { id: valueAt(first.body, 'id'), amount: 100, reason: 'late', status: 'PENDING' },
    ]);
  });

  it('is for the merchant who sells all of it, and for no shopper', async () => {
    const { orderId, token, merchantId } = await captured();
    const { accessToken } = await store.tokens.issue({ userId: merchantId, kind: 'user', role: 'merchant' });
    const ask = (as: string) => refund(as, orderId, { amount: 1, reason: 'kind' });
    expect((await ask((await store.person('merchant')).token)).status).toBe(404);
    expect((await ask(token)).status).toBe(403);
    expect((await ask(accessToken)).status).toBe(202);
    await store.database.pool.query(
      `insert into order_items (order_id, line, sku, title, quantity, unit_price_minor, merchant_id)
       values ($1, 2, 'OTHER', 'Other', 1, 0, $2)`,
      [orderId, newId()],
    );
    expect((await ask(accessToken)).status).toBe(404);
  });

  it('of cash is for the support: that it was taken is only the merchant’s word', async () => {
    const { orderId, merchantId } = await captured();
    await set(`kind = 'cod'`, orderId);
    const { accessToken } = await store.tokens.issue({ userId: merchantId, kind: 'user', role: 'merchant' });
    const refused = await refund(accessToken, orderId, { reason: 'kind' });
    expect([refused.status, valueAt(refused.body, 'code')]).toEqual([403, 'FORBIDDEN']);
    expect((await refund((await store.person('support')).token, orderId, { reason: 'kind' })).status).toBe(202);
  });

  it('of a surplus is asked for again where its bank refused the first one', async () => {
    const { orderId } = await captured();
    const { token } = await store.person('support');
    await set(`status = 'SURPLUS'`, orderId);
    expect((await refund(token, orderId, { reason: 'twice' })).status).toBe(202);
    expect(valueAt((await refund(token, orderId, { reason: 'twice' })).body, 'code')).toBe('REFUND_TOO_LARGE');
    await store.database.pool.query(`update refunds set status = 'REFUSED', failure = 'closed' where order_id = $1`, [
      orderId,
    ]);
    expect((await refund(token, orderId, { reason: 'twice' })).status).toBe(202);
  });

  it('is refused where nothing was taken, or for nothing', async () => {
    const { orderId } = await placed();
    const { token } = await store.person('admin');
    expect(valueAt((await refund(token, orderId, { reason: 'any' })).body, 'code')).toBe('NOT_REFUNDABLE');
    expect(valueAt((await refund(token, newId(), { reason: 'any' })).body, 'code')).toBe('NOT_FOUND');
    for (const body of [
      { amount: 0, reason: 'x' },
      { amount: 1.5, reason: 'x' },
      { amount: -1, reason: 'x' },
      { amount: 1 },
      { reason: ' ' },
    ]) {
      expect(valueAt((await refund(token, orderId, body)).body, 'code')).toBe('INVALID');
    }
  });
});

describe('a wallet', () => {
  it('shows what is in it and how it came there, page by page', async () => {
    const { userId, token } = await store.person();
    const get = async (query = '') => (await store.call('GET', `/api/v1/me/wallet${query}`, { token })).body;
    expect(await get()).toEqual({ balances: [], items: [], nextCursor: null });
    const ids = [newId(), newId(), newId()].sort();
    const topUps = [100, 200, 300].map((amountMinor, at) => ({
      id: ids[at] ?? '',
      ownerId: userId,
      currency: 'EUR',
      amountMinor,
    }));
    for (const topUp of topUps) await withTransaction(store.database.pool, (client) => topUpWallets(client, [topUp]));
    const first = await get('?limit=2');
    expect(valueAt(first, 'balances')).toEqual([{ currency: 'EUR', balance: 600 }]);
    expect(valueAt(first, 'items')).toMatchObject([{ amount: 300, kind: 'top-up' }, { amount: 200 }]);
    expect(valueAt(await get(`?limit=2&cursor=${textAt(first, 'nextCursor')}`), 'items')).toMatchObject([
      { amount: 100 },
    ]);
    expect((await store.call('GET', '/api/v1/me/wallet', { token: (await store.guest()).token })).status).toBe(403);
  });
});
