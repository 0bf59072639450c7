import { afterEach, describe, expect, it } from 'vitest';
import type { Charge, ChargeState } from '../../commerce/payments/provider.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { redeemCodes } from '../../db/queries/redeem-codes.ts';
import { systemClock } from '../../platform/clock.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useRunningPayments } from '../../test/fixtures/running-payments.ts';
import { scriptedProvider } from '../../test/fixtures/scripted-provider.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { placeStoreOrder, type StoreOrderMade, shelfFigures, stockShelf } from '../../test/fixtures/store-order.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { startReservations } from './reservations.ts';

const redis = useRedis();
const database = useDatabase();
const core = useShards(redis);
const withinMs = 30_000;
const nextId = createIdSource(systemClock);
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await database.pool.query('update payments set due_at = null where due_at is not null');
});

function expire(processes = 1): { failures: string[] } {
  const failures: string[] = [];
  const metrics = { ended: () => undefined, failed: (what: string) => void failures.push(what) };
  for (let left = processes; left > 0; left -= 1) {
    const options = { database: database.pool, clock: systemClock, nextId, log: silentLog, everyMs: 5, metrics };
    running.push(startReservations(options));
  }
  return { failures };
}

const startPayments = useRunningPayments({ database, core });

function pay(charge: (charge: Charge) => Promise<ChargeState>): void {
  const provider = {
    ...scriptedProvider('stripe'),
    charge,
    cancel: async ({ paymentId }: Charge) => ({ state: 'captured', ref: `pi_${paymentId}` }) as const,
    refund: async ({ refundId }: { refundId: string }) => ({ state: 'done', ref: `re_${refundId}` }) as const,
  };
  startPayments([provider]);
}

const statusOf = async (orderId: string) => (await findOrder(database.pool, orderId))?.status;
const becomes = (orderId: string, status: string) =>
  eventually(async () => (await statusOf(orderId)) === status, { withinMs });

describe('what waits for too long', () => {
  it('is ended: a checkout gives its units back', async () => {
    const shelf = await stockShelf(database.pool, 5);
    const options = { checkoutOnly: true, quantity: 2 } as const;
    const over = await placeStoreOrder(database.pool, shelf, { ...options, holdMs: -1 });
    const open = await placeStoreOrder(database.pool, shelf, options);
    expire(2);
    await eventually(async () => (await shelfFigures(database.pool, shelf)).reserved === 2, { withinMs });
    const { rows } = await database.pool.query('select id, status from checkouts where id = any ($1) order by id', [
      [over.orderId, open.orderId],
    ]);
    expect(rows).toEqual([
      { id: over.orderId, status: 'EXPIRED' },
      { id: open.orderId, status: 'OPEN' },
    ]);
  });

  it('is ended: an order that nobody paid, with its promotions, its payment and a mail', async () => {
    const shelf = await stockShelf(database.pool, 5);
    const { orderId, shopperId } = await placeStoreOrder(database.pool, shelf, { kind: null, holdMs: -1 });
    const promotionId = newId();
    await database.pool.query(
      `insert into promotions (id, title, benefit, code_kind, code, total_limit, state, stacking, created_by)
       values ($1, 'Ten', '{"kind":"percentage","ppm":100000}', 'shared', $2, 1, 'active', 'stack', $1)`,
      [promotionId, 'TENOFF'],
    );
    const use = { promotionId, codeHash: null, discountMinor: 100, currency: 'EUR' };
    const redemption = { reference: orderId, userId: shopperId, uses: [use], nowMs: Date.now(), untilMs: Date.now() };
    await withTransaction(database.pool, (client) => redeemCodes(client, redemption));
    expire(3);
    await becomes(orderId, 'CANCELLED');
    const order = await findOrder(database.pool, orderId);
    expect(order?.history.at(-1)).toMatchObject({ reason: 'expired', actor: 'reservations' });
    expect(order?.payments).toMatchObject([{ status: 'CANCELLED' }]);
    expect(await shelfFigures(database.pool, shelf)).toEqual({ onHand: 5, reserved: 0, moved: 5 });
    const { rows } = await database.pool.query('select used from promotions where id = $1', [promotionId]);
    expect(rows).toEqual([{ used: 0 }]);
    const { rows: told } = await database.pool.query(
      `select topic from outbox where payload like $1 and topic in ('order.status', 'notification.email') order by topic`,
      [`%${orderId}%`],
    );
    expect(told).toEqual([{ topic: 'notification.email' }, { topic: 'order.status' }]);
  });

  it('is not ended while its order has more time, is paid, or is reviewed', async () => {
    const shelf = await stockShelf(database.pool);
    const place = () => placeStoreOrder(database.pool, shelf, { kind: null, holdMs: -1 });
    const [extended, paid, reviewed, over] = [await place(), await place(), await place(), await place()];
    const set = (what: string, id: string) => database.pool.query(what, [id]);
    await set(`update orders set hold_until = now() + interval '1 minute' where id = $1`, extended.orderId);
    await set(
      `update payments set kind = 'card', status = 'CAPTURED', captured_at = now() where id = $1`,
      paid.orderId,
    );
    await set(
      `update orders set status = 'REVIEW', hold_until = now() + interval '1 day' where id = $1`,
      reviewed.orderId,
    );
    expire();
    await becomes(over.orderId, 'CANCELLED');
    const kept = [extended, paid, reviewed].map(({ orderId }) => orderId);
    const withTime = async () => {
      const { rows } = await database.pool.query(
        `select o.status from orders o join reservations r on r.order_id = o.id
         where o.id = any ($1) and r.expires_at > now() order by o.id`,
        [kept],
      );
      return rows.map(({ status }) => status);
    };
    await eventually(async () => (await withTime()).length === kept.length, { withinMs });
    expect(await withTime()).toEqual(['PENDING', 'PENDING', 'REVIEW']);
  });
});

describe('a payment and the end of the time at the same instant', { timeout: 60_000 }, () => {
  it('have one winner each, and no money is kept of who lost', async () => {
    const shelf = await stockShelf(database.pool, 200);
    const orders: StoreOrderMade[] = [];
    for (let left = 60; left > 0; left -= 1) {
      orders.push(await placeStoreOrder(database.pool, shelf, { kind: 'card', priceMinor: 500 }));
    }
    let asked = 0;
    pay(async ({ paymentId, orderId }) => {
      asked += 1;
      // Over before, while or after what came of the payment is written.
      await database.pool.query(
        `with over as (
           update orders set hold_until = now() + ($2::int % 12 - 2) * interval '60 milliseconds' where id = $1
           returning id, hold_until
         ) update reservations set expires_at = hold_until from over where order_id = over.id`,
        [orderId, asked],
      );
      return { state: 'captured', ref: `pi_${paymentId}` };
    });
    const { failures } = expire(2);
    await eventually(
      async () => {
        const states = await Promise.all(orders.map(({ orderId }) => statusOf(orderId)));
        const open = states.filter((status) => status !== 'CONFIRMED' && status !== 'REFUNDED');
        if (open.length > 0) return false;
        const { rows } = await database.pool.query(
          `select 1 from payments p where order_id = any ($1) and due_at is not null`,
          [orders.map(({ orderId }) => orderId)],
        );
        return rows.length === 0;
      },
      { withinMs },
    );
    const all = await Promise.all(orders.map(({ orderId }) => findOrder(database.pool, orderId)));
    const confirmed = all.filter((order) => order?.status === 'CONFIRMED');
    for (const order of all) {
      const kept = order?.payments.reduce(
        (sum, one) => sum + (one.status === 'CAPTURED' ? one.amountMinor - one.refundedMinor : 0),
        0,
      );
      expect(kept).toBe(order?.status === 'CONFIRMED' ? 500 : 0);
    }
    const { length } = confirmed;
    expect(await shelfFigures(database.pool, shelf)).toEqual({
      onHand: 200 - length,
      reserved: 0,
      moved: 200 - length,
    });
    expect(failures).toEqual([]);
    process.stdout.write(
      `expiry race: ${length} of ${orders.length} paid in time, ${orders.length - length} refunded\n`,
    );
  });
});
