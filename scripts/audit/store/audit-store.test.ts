import { afterEach, describe, expect, it } from 'vitest';
import type { Charge } from '../../../commerce/payments/provider.ts';
import { createIdSource } from '../../../contracts/ids.ts';
import { endPayments } from '../../../db/queries/end-payments.ts';
import { findOrder } from '../../../db/queries/find-order.ts';
import { askRefund } from '../../../db/queries/store-payments/ask-refund.ts';
import { systemClock } from '../../../platform/clock.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import { createEventMaker } from '../../../queue-workers/payments/events.ts';
import { startPayments } from '../../../queue-workers/payments/payments.ts';
import { startReservations } from '../../../queue-workers/reservations/reservations.ts';
import { createHolds } from '../../../reservation-core/holds.ts';
import { newId } from '../../../test/fixtures/drop.ts';
import { scriptedProvider } from '../../../test/fixtures/scripted-provider.ts';
import { silentLog, useShards } from '../../../test/fixtures/shards.ts';
import { placeStoreOrder, type ShelfOfTest, stockShelf } from '../../../test/fixtures/store-order.ts';
import { useDatabase } from '../../../test/servers/database.ts';
import { eventually } from '../../../test/servers/eventually.ts';
import { useRedis } from '../../../test/servers/redis.ts';
import { auditStore } from './audit-store.ts';
import { renderStoreReport } from './render.ts';

const redis = useRedis();
const database = useDatabase();
const core = useShards(redis);
const nextId = createIdSource(systemClock);
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

function work(): void {
  const provider = {
    ...scriptedProvider('stripe'),
    charge: async ({ paymentId }: Charge) => ({ state: 'captured', ref: `pi_${paymentId}` }) as const,
    refund: async ({ refundId }: { refundId: string }) => ({ state: 'done', ref: `re_${refundId}` }) as const,
  };
  const parts = { database: database.pool, nextId, clock: systemClock, log: silentLog };
  running.push(
    startPayments({
      ...{ ...parts, holds: createHolds(core), events: createEventMaker({ nextId, clock: systemClock }) },
      providers: { choose: () => provider, byName: () => provider },
      metrics: { result: () => undefined, step: () => undefined, failed: () => undefined },
      submit: (_provider, task) => void task(),
    }),
    startReservations({ ...parts, everyMs: 5, metrics: { ended: () => undefined, failed: () => undefined } }),
  );
}

const becomes = (orderId: string, status: string) =>
  eventually(async () => (await findOrder(database.pool, orderId))?.status === status, { withinMs: 30_000 });
const sql = (text: string, ...values: unknown[]) => database.pool.query(text, values);
const audit = () => auditStore(database.pool, Date.now());

/** A bit of everything that happens in a store, brought to its end. */
async function trade(): Promise<{ shelf: ShelfOfTest; confirmed: string; waiting: string }> {
  const shelf = await stockShelf(database.pool);
  const place = (options: Parameters<typeof placeStoreOrder>[2]) => placeStoreOrder(database.pool, shelf, options);
  const waiting = await place({ kind: null });
  await place({ checkoutOnly: true });
  const over = await place({ kind: null, holdMs: -1 });
  const confirmed = await place({ quantity: 2 });
  const wallet = await place({ kind: 'wallet', walletMinor: 5_000 });
  const cash = await place({ kind: 'cod' });
  const cancelled = await place({});
  work();
  for (const { orderId } of [confirmed, wallet, cash, cancelled]) await becomes(orderId, 'CONFIRMED');
  await becomes(over.orderId, 'CANCELLED');
  await withTransaction(database.pool, async (client) => {
    for (const [id, amountMinor] of [
      [confirmed.orderId, 300],
      [wallet.orderId, 1_000],
    ] as const) {
      const asked = { id: newId(), orderId: id, paymentId: id, amountMinor, reason: 'test' };
      expect(await askRefund(client, asked, 10)).toMatchObject({ ok: true });
    }
    await client.query(
      `with stepped as (update orders set status = 'CANCELLED' where id = $1 returning id, step)
       insert into order_status_history (order_id, step, status, actor, at) select id, step, 'CANCELLED', 'test', now() from stepped`,
      [cancelled.orderId],
    );
    await endPayments(client, [cancelled.orderId]);
  });
  await becomes(cancelled.orderId, 'REFUNDED');
  await eventually(async () => (await sql(`select from refunds where status = 'PENDING'`)).rowCount === 0, {
    withinMs: 30_000,
  });
  return { shelf, confirmed: confirmed.orderId, waiting: waiting.orderId };
}

describe('the audit of the store', { timeout: 90_000 }, () => {
  it('finds nothing wrong with what the store does by itself', async () => {
    await trade();
    const report = await audit();
    expect(report.lines.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
    expect(report.verdict).toBe('ok');
    expect(report.totals).toMatchObject({ shelves: 1, orders: 6, chargedTwice: 0, chargedForNothing: 0 });
    expect(renderStoreReport(report)).toContain('The ledger adds up.');
  });

  type Doctor = (made: Awaited<ReturnType<typeof trade>>) => Promise<unknown>;
  const unguarded = async (table: string, text: string, ...values: unknown[]) => {
    await sql(`alter table ${table} disable trigger user`);
    await sql(text, ...values);
    await sql(`alter table ${table} enable trigger user`);
  };
  const DOCTORED: Readonly<Record<string, Doctor>> = {
    'on-hand': ({ shelf }) => sql('update inventory set on_hand = on_hand + 1 where sku = $1', shelf.sku),
    reserved: ({ shelf }) => sql('update inventory set reserved = reserved + 1 where sku = $1', shelf.sku),
    'held-for-somebody': ({ waiting }) => sql(`update orders set status = 'CANCELLED' where id = $1`, waiting),
    'sold-to-somebody': ({ waiting }) =>
      sql(`update reservations set status = 'SOLD', ended_at = now() where order_id = $1`, waiting),
    'order-has-units': ({ confirmed }) => sql('update order_items set quantity = 3 where order_id = $1', confirmed),
    'order-has-parcels': ({ confirmed }) =>
      sql(
        'update shipment_items set quantity = 1 where shipment_id in (select id from shipments where order_id = $1)',
        confirmed,
      ),
    'checkout-has-order': () => sql(`update checkouts set status = 'PLACED' where status = 'OPEN'`),
    totals: ({ confirmed }) => sql('update order_items set unit_price_minor = 1 where order_id = $1', confirmed),
    history: ({ confirmed }) => sql('delete from order_status_history where order_id = $1 and step = 1', confirmed),
    'paid-once': ({ confirmed }) =>
      sql(
        `insert into payments (order_id, id, currency, amount_minor, kind, status, captured_at)
         values ($1, $2, 'EUR', 2000, 'card', 'SURPLUS', now())`,
        confirmed,
        newId(),
      ),
    'paid-in-full': ({ confirmed }) => sql('update payments set amount_minor = 1999 where order_id = $1', confirmed),
    'confirmed-is-paid': ({ confirmed }) =>
      sql(
        `update payments set status = 'FAILED', captured_at = null, refunded_minor = 0 where order_id = $1`,
        confirmed,
      ),
    'cancelled-is-refunded': ({ confirmed }) => sql(`update orders set status = 'CANCELLED' where id = $1`, confirmed),
    refunds: ({ confirmed }) => sql('update payments set refunded_minor = 301 where order_id = $1', confirmed),
    'ledger-transfers': ({ confirmed }) =>
      unguarded('ledger_entries', 'delete from ledger_entries where transfer_id = $1 and amount_minor < 0', confirmed),
    'ledger-balances': () => sql(`update ledger_accounts set balance_minor = balance_minor + 1 where kind = 'sales'`),
    'ledger-orders': ({ confirmed }) =>
      unguarded(
        'ledger_entries',
        'update ledger_entries set amount_minor = amount_minor * 2 where transfer_id = $1',
        confirmed,
      ),
  };

  it('finds each fault that is doctored into it', async () => {
    const made = await trade();
    await Promise.all(running.splice(0).map((one) => one.stop()));
    for (const [identity, doctor] of Object.entries(DOCTORED)) {
      const before = await snapshot();
      await doctor(made);
      const report = await audit();
      const broken = report.lines.filter(({ verdict }) => verdict === 'broken').map((line) => line.identity);
      expect(broken, `after ${identity} was doctored`).toContain(identity);
      expect(report.verdict).toBe('broken');
      expect(renderStoreReport(report)).toContain(`BROKEN: ${identity}`);
      await before.restore();
      expect((await audit()).verdict, `after ${identity} was put right`).toBe('ok');
    }
  });
});

const TABLES = [
  ...['orders', 'order_items', 'order_status_history', 'payments', 'reservations', 'inventory', 'checkouts'],
  ...['shipment_items', 'ledger_accounts', 'ledger_entries'],
] as const;

/** The rows as they are, to be put back: each fault is looked at alone. */
async function snapshot(): Promise<{ restore(): Promise<void> }> {
  for (const table of TABLES) await sql(`create table kept_${table} as table ${table}`);
  return {
    async restore() {
      const client = await database.pool.connect();
      // No triggers and no foreign keys: what is put back was right before.
      await client.query('set session_replication_role = replica');
      for (const table of TABLES) {
        await client.query(`delete from ${table}`);
        await client.query(`insert into ${table} select * from kept_${table}`);
        await client.query(`drop table kept_${table}`);
      }
      await client.query('set session_replication_role = default');
      client.release();
    },
  };
}
