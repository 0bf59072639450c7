import { describe, expect, it } from 'vitest';
import type { Charge, ChargeState, PaymentProvider, RefundOrder } from '../../commerce/payments/provider.ts';
import { ProviderError } from '../../commerce/payments/provider.ts';
import { decideReview } from '../../db/queries/decide-review.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useRunningPayments } from '../../test/fixtures/running-payments.ts';
import { openSale } from '../../test/fixtures/sale.ts';
import { useShards } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';

const redis = useRedis();
const database = useDatabase();
const core = useShards(redis);
const withinMs = 10_000;

/** A provider whose answers the test gives; what it was asked is kept. */
function scripted(name: string, answer: (charge: Charge, asked: number) => ChargeState) {
  const seen = { charges: [] as Charge[], cancels: [] as Charge[], refunds: [] as RefundOrder[] };
  const ref = (charge: Charge) => charge.ref ?? `${name}_${charge.paymentId}`;
  const provider: PaymentProvider = {
    name,
    async charge(charge) {
      seen.charges.push(charge);
      return answer(charge, seen.charges.filter(({ paymentId }) => paymentId === charge.paymentId).length);
    },
    async find(known) {
      return { state: 'captured', ref: known };
    },
    async cancel(charge) {
      seen.cancels.push(charge);
      return { state: 'cancelled', ref: ref(charge) };
    },
    async refund(refund) {
      seen.refunds.push(refund);
      return { state: 'done', ref: `re_${refund.refundId}` };
    },
    async *booked() {},
    readWebhook: () => ({ ok: false, reason: 'not in this test' }),
  };
  return { provider, seen, ref };
}

const startPayments = useRunningPayments({ database, core });
const start = (...providers: PaymentProvider[]) => startPayments(providers);

const sale = (units?: number) =>
  openSale({ ...core, shards: core.shards, database: database.pool, ...(units === undefined ? {} : { units }) });

async function ended(orderId: string, status: string) {
  return await eventually(
    async () => {
      const order = await findOrder(database.pool, orderId);
      expect(order?.status).toBe(status);
      return order ?? false;
    },
    { withinMs },
  );
}

async function dueOf(orderId: string): Promise<unknown> {
  const { rows } = await database.pool.query('select due_at from payments where order_id = $1', [orderId]);
  return rows[0]?.due_at;
}

describe('payments', () => {
  it('takes the money of a wallet once, confirms the hold and the order, and tells', async () => {
    const { buy, ledger, priceMinor } = await sale();
    const { orderId, shopperId } = await buy({ kind: 'wallet', walletMinor: 10_000 });
    start();
    start();
    const order = await ended(orderId, 'CONFIRMED');
    expect(order.payments).toMatchObject([{ status: 'CAPTURED', amountMinor: priceMinor }]);
    expect(order.history.map(({ status, actor }) => `${status} ${actor}`)).toEqual([
      'PENDING orders',
      'CONFIRMED payments',
    ]);
    expect(await ledger()).toMatchObject({ held: 0, sold: 1 });
    const { rows } = await database.pool.query(
      `select balance_minor::int as balance, (select sum(amount_minor)::int from ledger_entries where account_id = a.id) as entries
       from ledger_accounts a where owner_id = $1`,
      [shopperId],
    );
    expect(rows).toEqual([{ balance: 10_000 - priceMinor, entries: 10_000 - priceMinor }]);
    const { rows: told } = await database.pool.query(
      `select topic from outbox where payload like $1 order by position`,
      [`%${orderId}%`],
    );
    expect(told.map(({ topic }) => topic)).toEqual(
      expect.arrayContaining(['payment.completed', 'order.status', 'notification.email', 'cache.invalidate']),
    );
    expect(await dueOf(orderId)).toBeNull();
  });

  it('cancels an order whose wallet has too little, and its unit is to be had again', async () => {
    const { buy, ledger } = await sale(1);
    const { orderId } = await buy({ kind: 'wallet', walletMinor: 100 });
    start();
    const order = await ended(orderId, 'CANCELLED');
    expect(order.history.at(-1)).toMatchObject({ reason: 'declined' });
    expect(order.payments).toMatchObject([{ status: 'FAILED' }]);
    expect(await ledger()).toMatchObject({ available: 1, held: 0, sold: 0 });
  });

  it('pays as many orders from one wallet as it has money for', async () => {
    const { buy, ledger, priceMinor } = await sale();
    const shopperId = newId();
    await buy({ kind: 'wallet', shopperId, walletMinor: 2 * priceMinor + 1 });
    const more = [await buy({ kind: 'wallet', shopperId }), await buy({ kind: 'wallet', shopperId })];
    start();
    await eventually(
      async () => {
        const states = await Promise.all(
          more.map(async ({ orderId }) => (await findOrder(database.pool, orderId))?.status),
        );
        expect(states.sort()).toEqual(['CANCELLED', 'CONFIRMED']);
        return true;
      },
      { withinMs },
    );
    expect(await ledger()).toMatchObject({ held: 0, sold: 2 });
  });

  it('confirms cash on delivery without taking money', async () => {
    const { buy, ledger } = await sale();
    const { orderId } = await buy({ kind: 'cod' });
    start();
    expect((await ended(orderId, 'CONFIRMED')).payments).toMatchObject([{ status: 'AUTHORIZED' }]);
    expect(await ledger()).toMatchObject({ held: 0, sold: 1 });
  });

  it('leaves an order alone whose shopper has not said how to pay', async () => {
    const { buy, ledger } = await sale();
    const { orderId } = await buy({ kind: null });
    const { orderId: other } = await buy({ kind: 'cod' });
    start();
    await ended(other, 'CONFIRMED');
    expect((await findOrder(database.pool, orderId))?.status).toBe('PENDING');
    expect(await ledger()).toMatchObject({ held: 1 });
  });

  it('asks the same provider again with the same id when nobody knows what became of the first try', async () => {
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'card', token: 'pm_any' });
    const { provider, seen, ref } = scripted('first', (charge, asked) => {
      if (asked === 1) throw new ProviderError('first', 'timed out', { sent: true });
      return { state: 'captured', ref: `first_${charge.paymentId}` };
    });
    const other = scripted('second', (charge) => ({ state: 'captured', ref: `second_${charge.paymentId}` }));
    start(provider, other.provider);
    const order = await ended(orderId, 'CONFIRMED');
    expect(order.payments).toMatchObject([{ provider: 'first', status: 'CAPTURED' }]);
    expect(seen.charges.map(({ paymentId }) => paymentId)).toEqual([orderId, orderId]);
    expect(other.seen.charges).toEqual([]);
    expect(ref({ paymentId: orderId, orderId, amountMinor: 1, currency: 'EUR', methodToken: '' })).toContain(orderId);
  });

  it('goes to another provider only when the first was never reached', async () => {
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'card', token: 'pm_any' });
    const first = scripted('first', () => {
      throw new ProviderError('first', 'connection refused', { sent: false });
    });
    const second = scripted('second', (charge) => ({ state: 'captured', ref: `second_${charge.paymentId}` }));
    let asked = 0;
    startPayments([], {
      providers: {
        choose: () => (asked++ === 0 ? first.provider : second.provider),
        byName: (name) => (name === 'first' ? first.provider : second.provider),
      },
    });
    expect((await ended(orderId, 'CONFIRMED')).payments).toMatchObject([{ provider: 'second' }]);
    expect(first.seen.charges).toHaveLength(1);
  });

  it('gives the hold time while the shopper confirms at their bank, and tells them where', async () => {
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'card', token: 'pm_3ds' });
    const actionUrl = 'https://bank.example/confirm';
    const { provider } = scripted('first', (charge) => ({ state: 'action', ref: `r_${charge.paymentId}`, actionUrl }));
    start(provider);
    await eventually(
      async () => {
        const order = await findOrder(database.pool, orderId);
        expect(order?.payments).toMatchObject([{ status: 'PENDING', actionUrl }]);
        return true;
      },
      { withinMs },
    );
    const { rows } = await database.pool.query(`select payload from outbox where topic = 'order.status' and key = $1`, [
      orderId,
    ]);
    expect(JSON.parse(rows[0]?.payload)).toMatchObject({ v: 2, data: { actionUrl, to: 'PENDING' } });
    // A webhook came: look now.
    await database.pool.query(`update payments set due_at = now() where order_id = $1`, [orderId]);
    expect((await ended(orderId, 'CONFIRMED')).payments).toMatchObject([{ status: 'CAPTURED', actionUrl: null }]);
  });

  it('refunds what was taken for a hold that had ended', async () => {
    const { buy, drop, region, ledger } = await sale();
    const { orderId } = await buy({ kind: 'card', token: 'pm_late' });
    const { shards, keys } = core;
    await createHolds({ shards, keys }).release(drop.id, region, [orderId], 'cancelled');
    const { provider, seen } = scripted('first', (charge) => ({ state: 'captured', ref: `r_${charge.paymentId}` }));
    start(provider);
    const order = await ended(orderId, 'REFUNDED');
    expect(order.history.map(({ status }) => status)).toEqual(['PENDING', 'CANCELLED', 'REFUND_PENDING', 'REFUNDED']);
    expect(order.payments).toMatchObject([{ refundedMinor: order.totalMinor }]);
    expect(seen.refunds).toMatchObject([{ paymentId: orderId, amountMinor: order.totalMinor }]);
    expect(await ledger()).toMatchObject({ held: 0, sold: 0 });
  });

  it('gives a wallet its money back', async () => {
    const { buy, drop, region } = await sale();
    const { orderId, shopperId } = await buy({ kind: 'wallet', walletMinor: 5_000 });
    const { shards, keys } = core;
    await createHolds({ shards, keys }).release(drop.id, region, [orderId], 'cancelled');
    start();
    await ended(orderId, 'REFUNDED');
    const { rows } = await database.pool.query(
      'select balance_minor::int as balance from ledger_accounts where owner_id = $1',
      [shopperId],
    );
    expect(rows).toEqual([{ balance: 5_000 }]);
  });

  it('calls a payment off at the provider when its order ended meanwhile', async () => {
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'card', token: 'pm_3ds' });
    const { provider, seen } = scripted('first', () => ({ state: 'processing', ref: 'never' }));
    await database.pool.query(`update payments set provider = 'first', provider_ref = $1 where order_id = $1`, [
      orderId,
    ]);
    await database.pool.query(`update orders set status = 'CANCELLED' where id = $1`, [orderId]);
    start(provider);
    await eventually(
      async () => {
        expect((await findOrder(database.pool, orderId))?.payments).toMatchObject([{ status: 'CANCELLED' }]);
        return true;
      },
      { withinMs },
    );
    expect(seen.cancels).toMatchObject([{ paymentId: orderId, ref: orderId }]);
    expect(seen.charges).toEqual([]);
    expect(await dueOf(orderId)).toBeNull();
  });

  it('waits for the decision of a review, and follows it', async () => {
    const { buy, ledger } = await sale();
    const [good, bad] = [await buy({ kind: 'cod' }), await buy({ kind: 'cod' })];
    for (const { orderId } of [good, bad]) {
      await database.pool.query(`update orders set status = 'REVIEW' where id = $1`, [orderId]);
      await database.pool.query(`insert into order_reviews (order_id, score, signals) values ($1, 55, '[]')`, [
        orderId,
      ]);
    }
    start();
    await eventually(async () => (await dueOf(good.orderId)) === null && (await dueOf(bad.orderId)) === null, {
      withinMs,
    });
    expect((await findOrder(database.pool, good.orderId))?.status).toBe('REVIEW');
    expect(await decideReview(database.pool, { orderId: good.orderId, decision: 'approved', by: 'support test' })).toBe(
      true,
    );
    expect(await decideReview(database.pool, { orderId: bad.orderId, decision: 'rejected', by: 'support test' })).toBe(
      true,
    );
    expect(await decideReview(database.pool, { orderId: bad.orderId, decision: 'approved', by: 'support test' })).toBe(
      false,
    );
    await ended(good.orderId, 'CONFIRMED');
    expect((await ended(bad.orderId, 'CANCELLED')).history.at(-1)).toMatchObject({ reason: 'rejected' });
    expect(await ledger()).toMatchObject({ held: 0, sold: 1 });
  });
});
