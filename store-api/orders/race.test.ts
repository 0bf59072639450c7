/** A shopper who cancels while the money is taken: the order ends in one of the two ways, and the shelf agrees with it. */
import { expect, it } from 'vitest';
import { lockCheckout, lockCheckoutByKey } from '../../db/queries/checkouts/find-checkout.ts';
import { lockKey } from '../../db/queries/idempotency-keys.ts';
import { openShipments } from '../../db/queries/shipments/open-shipments.ts';
import { endReservations } from '../../db/queries/stock/reserve-stock.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { together } from '../../platform/connections/postgres-together.ts';
import { checkOut, figuresOf, fillCart, order, type Shopper, stock } from '../../test/fixtures/checkout.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { textAt } from '../../test/fixtures/told.ts';

const store = useStore();
const ORDERS = 24;

it('a cancellation and a confirmation at the same moment', async () => {
  const { sku } = await stock(store, { onHand: 100 });
  const placed = await Promise.all(
    Array.from({ length: ORDERS }, async () => {
      const who = await store.person();
      await fillCart(store, who, sku);
      const id = textAt((await checkOut(store, who)).body, 'id');
      expect((await order(store, who, id)).status).toBe(201);
      return { who, id };
    }),
  );
  const ends = await Promise.all(
    placed.map(async ({ who, id }) => {
      const [cancelled] = await Promise.all([cancel(who, id), confirm(id)]);
      return cancelled.status;
    }),
  );
  // Either before or after it was paid, it may be cancelled: nobody has begun to pack.
  expect(new Set(ends)).toEqual(new Set([200]));
  const { rows } = await store.database.pool.query(
    `select distinct o.status, p.due_at is not null as due from orders o join payments p on p.order_id = o.id`,
  );
  expect(rows).toEqual([{ status: 'CANCELLED', due: true }]);
  expect(await figuresOf(store, sku)).toEqual({ onHand: 100, reserved: 0, held: 0 });
  const moved = await store.database.pool.query(
    'select sum(quantity)::integer as units from inventory_movements where sku = $1',
    [sku],
  );
  expect(moved.rows).toEqual([{ units: 100 }]);
  const parcels = await store.database.pool.query(
    `select count(*)::integer as n from shipments where status = 'PENDING'`,
  );
  expect(parcels.rows).toEqual([{ n: 0 }]);
});

it('a call again while its first one is under way waits for nothing', async () => {
  const { sku } = await stock(store, { onHand: 1 });
  const who = await store.person();
  await fillCart(store, who, sku);
  const id = textAt((await checkOut(store, who)).body, 'id');
  const key = { scope: 'a shopper', key: 'k-1' };
  const pool = store.database.pool;
  const ask = () => together(pool, (asking) => Promise.all([lockKey(asking, key), lockCheckoutByKey(asking, id, key)]));
  await withTransaction(pool, async (client) => {
    expect([await lockKey(client, key), (await lockCheckout(client, id))?.id]).toEqual([true, id]);
    expect(await ask()).toEqual([false, undefined]);
  });
  expect((await ask()).map(Boolean)).toEqual([true, true]);
});

const cancel = (who: Shopper, id: string) => store.call('PUT', `/api/v1/orders/${id}/cancel`, { token: who.token });

/** As queue-workers/payments does it: the order first, then its units, then its payment. */
async function confirm(id: string): Promise<void> {
  await withTransaction(store.database.pool, async (client) => {
    const open = await client.query(`select from orders where id = $1 and status = 'PENDING' for no key update`, [id]);
    if (open.rowCount === 0) return;
    await endReservations(client, [id], 'SOLD');
    await client.query(`update orders set status = 'CONFIRMED' where id = $1`, [id]);
    await client.query(
      `insert into order_status_history (order_id, step, status, reason, actor, at)
       values ($1, 1, 'CONFIRMED', 'paid', 'test', now())`,
      [id],
    );
    await openShipments(client, [id]);
    await client.query(
      `update payments set status = 'CAPTURED', captured_at = now(), due_at = null, provider = 'test' where order_id = $1`,
      [id],
    );
  });
}
