import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Charge, ChargeState } from '../../commerce/payments/provider.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { decideReview } from '../../db/queries/decide-review.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { openRefunds } from '../../db/queries/refunds.ts';
import { schedulePayments } from '../../db/queries/write-payments.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useRunningPayments } from '../../test/fixtures/running-payments.ts';
import { openSale } from '../../test/fixtures/sale.ts';
import { scriptedProvider } from '../../test/fixtures/scripted-provider.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';
import type { PaymentsOptions } from './payments.ts';
import { createPermits } from './permits.ts';

const redis = useRedis();
const database = useDatabase();
const core = useShards(redis);
const withinMs = 10_000;

const startPayments = useRunningPayments({ database, core });
const start = (changes?: Partial<PaymentsOptions>) => startPayments([scriptedProvider('stripe')], changes);

const sale = () => openSale({ ...core, shards: core.shards, database: database.pool });
const statusOf = async (orderId: string) => (await findOrder(database.pool, orderId))?.status;
const becomes = (orderId: string, status: string) =>
  eventually(
    async () => {
      expect(await statusOf(orderId)).toBe(status);
      return true;
    },
    { withinMs },
  );

async function waitsForLock(): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rowCount !== 0;
}

describe('one payment that cannot be moved on', () => {
  it('does not keep those of its batch from being paid', async () => {
    const { buy } = await sale();
    const bad = await buy({ kind: 'card', token: 'pm_long' });
    const good = [await buy({ kind: 'card', token: 'pm_any' }), await buy({ kind: 'card', token: 'pm_any' })];
    // While the first is written, the others gather: they become one batch.
    const first = await buy({ kind: 'card', token: 'pm_any' });
    const [locker, answered] = [await database.pool.connect(), Promise.withResolvers<void>()];
    let asked = 0;
    async function charge({ paymentId }: Charge): Promise<ChargeState> {
      const ref = `pi_${paymentId}`;
      if (paymentId === first.orderId) {
        await locker.query('begin');
        await locker.query('select from payments where id = $1 for update', [paymentId]);
        return { state: 'captured', ref };
      }
      asked += 1;
      await answered.promise;
      if (paymentId !== bad.orderId) return { state: 'captured', ref };
      return { state: 'action', ref, actionUrl: `https://bank.example/${'a'.repeat(2_000)}` };
    }
    const provider = { ...scriptedProvider('stripe'), charge };
    const failures: string[] = [];
    const tell = { result: () => undefined, step: () => undefined };
    start({
      metrics: { ...tell, failed: (what) => void failures.push(what) },
      providers: { choose: () => provider, byName: () => provider },
    });
    await eventually(async () => asked === 3 && (await waitsForLock()), { withinMs });
    answered.resolve();
    await setImmediate();
    await locker.query('commit');
    locker.release();
    for (const { orderId } of good) await becomes(orderId, 'CONFIRMED');
    expect(failures).toEqual(['outcomes', 'outcomes']);
    expect(await statusOf(bad.orderId)).toBe('PENDING');
  });
});

describe('payments of other orders', () => {
  it('are not in the way of those of drops', async () => {
    await database.pool.query(
      `with made as (
         insert into orders (id, source, shopper_id, currency, items_minor, total_minor, placed_at)
         select uuidv7(), 'store', uuidv7(), 'EUR', 100, 100, now() from generate_series(1, $1) returning id
       ) insert into payments (order_id, id, currency, amount_minor, kind, method_token, due_at)
       select id, id, 'EUR', 100, 'card', 'pm_any', now() - interval '1 minute' from made`,
      [LIMITS.paymentsBatch],
    );
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'cod' });
    start();
    await becomes(orderId, 'CONFIRMED');
  });
});

describe('a wake-up', () => {
  it('that comes while the payment is in hand is not lost', async () => {
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'cod' });
    await database.pool.query(`update payments set due_at = now() + interval '1 minute' where order_id = $1`, [
      orderId,
    ]);
    await database.pool.query(`update orders set status = 'REVIEW' where id = $1`, [orderId]);
    await database.pool.query(`insert into order_reviews (order_id, score, signals) values ($1, 55, '[]')`, [orderId]);
    // A worker took it, and found nothing to do; before it says so, the review is decided.
    await withTransaction(database.pool, async (client) => {
      await client.query('select now()');
      expect(await decideReview(database.pool, { orderId, decision: 'approved', by: 'support test' })).toBe(true);
      await schedulePayments(client, [{ orderId, id: orderId, inMs: null }]);
    });
    start();
    await becomes(orderId, 'CONFIRMED');
  });
});

describe('a payment that is woken while its provider is asked', () => {
  it('stays due, and is looked at again as soon as the answer is there', async () => {
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'card', token: 'pm_slow' });
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function charge({ paymentId }: Charge): Promise<ChargeState> {
      asked.resolve();
      await answered.promise;
      return { state: 'captured', ref: `pi_${paymentId}` };
    }
    const provider = { ...scriptedProvider('stripe'), charge };
    startPayments([provider]);
    await asked.promise;
    await database.pool.query('update payments set due_at = now() where order_id = $1', [orderId]);
    // Whoever comes later is paid, so the worker has looked since.
    await becomes((await buy({ kind: 'cod' })).orderId, 'CONFIRMED');
    const { rows } = await database.pool.query('select due_at <= now() as due from payments where order_id = $1', [
      orderId,
    ]);
    expect(rows).toEqual([{ due: true }]);
    answered.resolve();
    await becomes(orderId, 'CONFIRMED');
  });
});

describe('a refund', () => {
  it('that is done before its order says REFUND_PENDING still ends as REFUNDED', async () => {
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'card', token: 'pm_any' });
    await database.pool.query(
      `update payments set status = 'CAPTURED', captured_at = now(), provider = 'stripe', provider_ref = 'pi_' || id, due_at = null where order_id = $1`,
      [orderId],
    );
    await database.pool.query(`update orders set status = 'CANCELLED' where id = $1`, [orderId]);
    // Reconciliation opened it, and the payment is woken only after it was done.
    await withTransaction(database.pool, (client) =>
      openRefunds(client, [{ id: newId(), orderId, paymentId: orderId, reason: 'test' }]),
    );
    const refund = async () => ({ state: 'done', ref: 're_1' }) as const;
    const provider = { ...scriptedProvider('stripe'), refund };
    startPayments([provider]);
    await eventually(async () => (await findOrder(database.pool, orderId))?.payments[0]?.refundedMinor !== 0, {
      withinMs,
    });
    await database.pool.query('update payments set due_at = now() where order_id = $1', [orderId]);
    await becomes(orderId, 'REFUNDED');
  });

  it('of nothing leaves the order cancelled', async () => {
    const { buy, drop, region } = await sale();
    const { orderId } = await buy({ kind: 'wallet', walletMinor: 1 });
    await database.pool.query('update payments set amount_minor = 0 where order_id = $1', [orderId]);
    await createHolds(core).release(drop.id, region, [orderId], 'cancelled');
    start();
    await becomes(orderId, 'CANCELLED');
    await eventually(
      async () => {
        const { rows } = await database.pool.query('select due_at from payments where order_id = $1', [orderId]);
        return rows[0]?.due_at === null;
      },
      { withinMs },
    );
    expect(await statusOf(orderId)).toBe('CANCELLED');
  });
});

describe('a provider that does not answer', () => {
  it('does not keep wallets waiting', async () => {
    const { buy, drop } = await sale();
    await database.pool.query(
      `with made as (
         insert into orders (id, source, drop_id, region, shopper_id, currency, items_minor, total_minor, placed_at)
         select uuidv7(), 'drop', $2, 'eu', uuidv7(), 'EUR', 100, 100, now() from generate_series(1, $1) returning id
       ), items as (
         insert into order_items (order_id, line, sku, title, quantity, unit_price_minor) select id, 1, 'A', 'A', 1, 100 from made
       ) insert into payments (order_id, id, currency, amount_minor, kind, method_token, due_at)
       select id, id, 'EUR', 100, 'card', 'pm_any', now() - interval '1 minute' from made`,
      [LIMITS.paymentsInHand, drop.id],
    );
    const { orderId } = await buy({ kind: 'wallet', walletMinor: 10_000 });
    start({ submit: () => undefined });
    await becomes(orderId, 'CONFIRMED');
  });
});

describe('stopping', () => {
  it('writes what came of the calls that were under way', async () => {
    const { buy } = await sale();
    const { orderId } = await buy({ kind: 'card', token: 'pm_any' });
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function charge({ paymentId }: Charge): Promise<ChargeState> {
      asked.resolve();
      await answer.promise;
      return { state: 'captured', ref: `pi_${paymentId}` };
    }
    const provider = { ...scriptedProvider('stripe'), charge };
    const permits = createPermits({
      redis: core.shards.home.redis,
      key: core.keys.providerCalls('stripe'),
      limit: 2,
      log: silentLog,
    });
    const payments = start({
      providers: { choose: () => provider, byName: () => provider },
      submit: (_provider, task) => permits.submit(task),
    });
    await asked.promise;
    await payments.stopTaking();
    const over = permits.stop();
    answer.resolve();
    await over;
    await payments.stop();
    expect(await statusOf(orderId)).toBe('CONFIRMED');
  });
});
