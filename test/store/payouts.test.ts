import { beforeAll, describe, expect, it } from 'vitest';
import { LIFETIMES } from '../../contracts/limits.ts';
import { postCaptures, postRefunds } from '../../db/queries/money-ledger.ts';
import { finishRefunds } from '../../db/queries/refunds.ts';
import { askRefund } from '../../db/queries/store-payments/ask-refund.ts';
import { systemClock } from '../../platform/clock.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { settle } from '../../queue-workers/settlements/settle.ts';
import { auditStore } from '../../scripts/audit/store/audit-store.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../fixtures/confirmed-order.ts';
import { newId } from '../fixtures/drop.ts';
import { silentLog } from '../fixtures/shards.ts';
import { useStore } from '../fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../fixtures/told.ts';

/** The clock of the store is ahead of that of the database: what happens here is long enough ago to be closed. */
let aheadMs = 0;
const store = useStore({ clock: { now: () => Date.now() + aheadMs } });
const later = LIFETIMES.settleLagMs + 60_000;
let admin: Awaited<ReturnType<typeof store.person>>;
beforeAll(async () => {
  admin = await store.person('admin');
});

async function sold(merchantId: string, unitPriceMinor: number): Promise<string> {
  const { pool } = store.database;
  const warehouse = await openWarehouse(pool);
  const goods = await stockGoods(pool, { merchantId, shelves: { [warehouse]: 1 } });
  const lines = [{ ...goods, unitPriceMinor, from: { [warehouse]: 1 } }];
  const orderId = await confirmOrder(pool, { shopperId: newId(), lines });
  await withTransaction(pool, (client) => postCaptures(client, [{ orderId, id: orderId }]));
  return orderId;
}

async function refunded(orderId: string, amountMinor: number): Promise<void> {
  const id = newId();
  await withTransaction(store.database.pool, async (client) => {
    await askRefund(client, { id, orderId, paymentId: orderId, amountMinor, reason: 'test' }, 10);
    await finishRefunds(client, [{ id, orderId, ref: null, failure: null }]);
    await postRefunds(client, [{ refundId: id, orderId }]);
  });
}

const settled = () => settle({ database: store.database.pool, clock: systemClock, log: silentLog });

let inside = 0;
async function asLater<T>(work: () => Promise<T>): Promise<T> {
  inside += 1;
  aheadMs = later;
  // Tokens are of now.
  const { accessToken: token } = await store.tokens.issue({ userId: admin.userId, kind: 'user', role: 'admin' });
  admin = { ...admin, token };
  try {
    return await work();
  } finally {
    inside -= 1;
    // Several may be closing at once: the last one brings the clock back.
    if (inside === 0) aheadMs = 0;
  }
}
const close = (body: object, key: string = newId()) =>
  asLater(() =>
    store.call('POST', '/api/v1/admin/payouts', { token: admin.token, body, headers: { 'idempotency-key': key } }),
  );

describe('what a merchant is owed', () => {
  it('is told line by line, as figures and as a file', async () => {
    const { userId, token } = await store.person('merchant');
    const orderId = await sold(userId, 2_000);
    await refunded(orderId, 500);
    await settled();
    const to = Date.now() + 1_000;
    const { status, body } = await store.call('GET', `/api/v1/seller/payouts?to=${to}&limit=1`, { token });
    expect(status).toBe(200);
    expect(valueAt(body, 'totals')).toEqual([
      { currency: 'EUR', sales: 2_000, refunds: 500, fees: 150, net: 1_350, lines: 2 },
    ]);
    const rest = await store.call('GET', `/api/v1/seller/payouts?to=${to}&cursor=${textAt(body, 'nextCursor')}`, {
      token,
    });
    expect([...listAt(body, 'items'), ...listAt(rest.body, 'items')]).toMatchObject([
      { orderId, transferId: orderId, kind: 'payment', amount: 2_000, fee: 200, net: 1_800, commission: 1_000 },
      { orderId, kind: 'refund', amount: -500, fee: -50, net: -450, payoutNumber: null },
    ]);
    const file = await store.call('GET', `/api/v1/seller/payouts/file?to=${to}`, { token });
    const rows = file.text.trim().split('\n');
    expect(rows[0]).toBe('at,kind,orderId,transferId,currency,amount,fee,net,commission,payout');
    expect(rows[1]).toContain(`payment,${orderId},${orderId},EUR,2000,200,1800,1000,`);
    expect(rows[2]).toContain(',EUR,-500,-50,-450,1000,');
    const stranger = await store.person('merchant');
    const others = await store.call('GET', `/api/v1/seller/payouts?to=${to}`, { token: stranger.token });
    expect(others.body).toMatchObject({ totals: [], items: [], payouts: [], nextCursor: null });
    const named = await store.call('GET', `/api/v1/seller/payouts?merchantId=${userId}`, { token: stranger.token });
    expect(named.status).toBe(403);
    expect((await store.call('GET', '/api/v1/seller/payouts?from=5&to=5', { token })).status).toBe(400);
  });

  it('is closed once, for ever, numbered, and what comes later is in the next', async () => {
    const { userId: merchantId, token } = await store.person('merchant');
    const orderId = await sold(merchantId, 1_000);
    await settled();
    const first = Date.now() + 1;
    const key = newId();
    const closed = await close({ to: first, merchantId }, key);
    expect(closed.status).toBe(200);
    expect(valueAt(closed.body, 'items')).toMatchObject([
      { merchantId, number: 1, currency: 'EUR', net: 900, lines: 1, to: first },
    ]);
    expect((await close({ to: first, merchantId }, key)).body).toEqual(closed.body);
    expect(valueAt((await close({ to: first, merchantId })).body, 'items')).toEqual([]);
    const racers = await Promise.all(Array.from({ length: 3 }, () => close({ to: first + 1, merchantId })));
    expect(racers.flatMap(({ body }) => valueAt(body, 'items'))).toEqual([]);
    await refunded(orderId, 1_000);
    await sold(merchantId, 3_000);
    await settled();
    const to = Date.now() + 2;
    const [one, two] = await Promise.all([close({ to, merchantId }), close({ to, merchantId })]);
    expect([...listAt(one.body, 'items'), ...listAt(two.body, 'items')]).toMatchObject([
      { number: 2, sales: 3_000, refunds: 1_000, fees: 200, net: 1_800, lines: 2, from: first },
    ]);
    const { body } = await store.call('GET', '/api/v1/seller/payouts', { token });
    expect(listAt(body, 'payouts').map((one) => numberAt(one, 'number'))).toContain(1);
    const list = await store.call('GET', `/api/v1/admin/payouts?merchantId=${merchantId}`, { token: admin.token });
    expect(listAt(list.body, 'items').map((one) => numberAt(one, 'number'))).toEqual([2, 1]);
    const change = store.database.pool.query('update payouts set net_minor = 0');
    await expect(change).rejects.toMatchObject({ code: 'ODJ01' });
  });

  it('is not closed while money may still come into it', async () => {
    const { userId: merchantId } = await store.person('merchant');
    await sold(merchantId, 1_000);
    const { token } = admin;
    const early = await store.call('POST', '/api/v1/admin/payouts', { token, body: { to: Date.now(), merchantId } });
    expect(early).toMatchObject({ status: 409, body: { code: 'PAYOUT_TOO_EARLY' } });
    const unsettled = await close({ to: Date.now() + 100, merchantId });
    expect(unsettled).toMatchObject({ status: 409, body: { code: 'PAYOUT_TOO_EARLY' } });
    await settled();
    expect(valueAt((await close({ to: Date.now() + 100, merchantId })).body, 'items')).toHaveLength(1);
  });

  it('agrees with the money ledger, as the audit sees it', async () => {
    await settled();
    const verdicts = async () => {
      const { lines } = await auditStore(store.database.pool, Date.now());
      return lines.flatMap(({ identity, verdict }) => (/^(settlements|payouts)$/.test(identity) ? [verdict] : []));
    };
    expect(await verdicts()).toEqual(['ok', 'ok']);
    // One that settling has passed by.
    await sold((await store.person('merchant')).userId, 1_000);
    const through = (at: string) => store.database.pool.query(`update settlement_progress set settled_through = ${at}`);
    await through(`now() + interval '1 hour'`);
    expect(await verdicts()).toEqual(['broken', 'ok']);
    await through(`now() - interval '1 hour'`);
    await settled();
    expect(await verdicts()).toEqual(['ok', 'ok']);
    const doctored = (table: string, change: string) =>
      store.database.pool.query(
        `alter table ${table} disable trigger user; update ${table} set ${change}; alter table ${table} enable trigger user`,
      );
    await doctored('settlements', 'amount_minor = amount_minor + 1, fee_minor = fee_minor + 1');
    expect(await verdicts()).toEqual(['broken', 'broken']);
  });
});

describe('the commission', () => {
  it('is set by an admin, from now on', async () => {
    const { token } = admin;
    const call = (body: object) => store.call('POST', '/api/v1/admin/commissions', { token, body });
    expect((await call({ merchantId: newId(), basisPoints: 100 })).status).toBe(404);
    expect((await call({ basisPoints: 100, validFrom: 0 })).status).toBe(400);
    expect((await call({ basisPoints: 10_001 })).status).toBe(400);
    const validFrom = Date.now() + 86_400_000;
    expect(await call({ basisPoints: 1_500, validFrom })).toMatchObject({
      status: 201,
      body: { merchantId: null, basisPoints: 1_500, validFrom },
    });
    const { body } = await store.call('GET', '/api/v1/admin/commissions', { token });
    expect(valueAt(body, 'items')).toMatchObject([{ basisPoints: 1_500 }, { basisPoints: 1_000 }]);
  });
});
