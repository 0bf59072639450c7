import { describe, expect, it } from 'vitest';
import { NO_ID } from '../../contracts/figure-rows.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { beginRun, countSegments, findCohorts } from '../../db/queries/segments/segments.ts';
import { systemClock } from '../../platform/clock.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { objectAt, valueAt } from '../../test/fixtures/told.ts';
import { groupShoppers } from './group.ts';

const store = useStore();
const parts = () => ({ database: store.database.pool, clock: systemClock });
const DAY = 24 * 3_600_000;

/** Bought of a merchant, settled, so many days ago. */
async function bought(shopperId: string, merchantId: string, prices: readonly number[], daysAgo = 1): Promise<void> {
  const { pool } = store.database;
  const warehouse = await openWarehouse(pool);
  const goods = await stockGoods(pool, { merchantId, shelves: { [warehouse]: prices.length } });
  for (const unitPriceMinor of prices) {
    const lines = [{ ...goods, unitPriceMinor, from: { [warehouse]: 1 } }];
    const id = await confirmOrder(pool, { shopperId, lines, currency: 'USD' });
    await pool.query(`update orders set placed_at = now() - $2 * interval '1 day' where id = $1`, [id, daysAgo]);
    await pool.query(`insert into ledger_transfers (id, kind, order_id) values ($1, 'payment', $1)`, [id]);
    await pool.query(
      `insert into settlements (transfer_id, merchant_id, order_id, kind, currency, amount_minor, basis_points, fee_minor, at)
       values ($1, $2, $1, 'payment', 'USD', $3, 0, 0, now())`,
      [id, merchantId, unitPriceMinor],
    );
  }
}

describe('the groups of shoppers', { timeout: 60_000 }, () => {
  it('are counted for the store and for each merchant, who is not told of a few', async () => {
    const [merchant, other] = [await store.person('merchant'), await store.person('merchant')];
    const [regular, gone, guest] = [await store.person(), await store.person(), newId()];
    await bought(regular.userId, merchant.userId, [1_000, 1_000, 1_000], 2);
    await bought(regular.userId, other.userId, [150_000], 5);
    await bought(gone.userId, other.userId, [500], 100);
    await bought(guest, merchant.userId, [9_000]);
    await groupShoppers(parts());
    expect(await countSegments(store.database.pool, merchant.userId)).toMatchObject({
      shoppers: 1,
      segments: { new: 1 },
    });
    expect(await countSegments(store.database.pool, other.userId)).toMatchObject({
      ...{ shoppers: 2, segments: { new: 1, lapsing: 1, 'high-value': 1 } },
    });
    const all = await countSegments(store.database.pool, NO_ID);
    expect(all.segments).toEqual({ new: 1, loyal: 1, lapsing: 1, 'high-value': 1 });
    const told = await store.call('GET', '/api/v1/seller/segments', { token: other.token });
    expect(told.body).toMatchObject({
      shoppers: null,
      segments: [{ segment: 'new', shoppers: null }, {}, {}, {}, {}, {}],
    });
    const { token } = await store.person('admin');
    const admin = await store.call('GET', '/api/v1/admin/segments', { token });
    expect(admin.body).toMatchObject({ shoppers: 2, rules: { newDays: 30 } });
    expect(valueAt(admin.body, 'computedAt')).toBeGreaterThan(0);
  });

  it('follow other thresholds, and what went back', async () => {
    const { token } = await store.person('admin');
    const before = await store.call('GET', '/api/v1/admin/segments', { token });
    const merchant = await store.person('merchant');
    const { userId } = await store.person();
    await bought(userId, merchant.userId, [800, 300], 2);
    await groupShoppers(parts());
    expect((await countSegments(store.database.pool, merchant.userId)).segments).toEqual({ new: 1 });
    const rules = { ...objectAt(before.body, 'rules'), loyalOrders: 2, newDays: 1 };
    const wrong = { ...rules, lapsedDays: 1, lapsingDays: 2 };
    const put = (body: object) => store.call('PUT', '/api/v1/admin/segments/rules', { token, body });
    expect((await put(wrong)).status).toBe(400);
    expect((await put(rules)).status).toBe(200);
    await groupShoppers(parts());
    expect((await countSegments(store.database.pool, merchant.userId)).segments).toEqual({ loyal: 1 });
    const { pool } = store.database;
    await pool.query(
      `with sold as (select * from settlements where merchant_id = $1 and amount_minor = 300), made as (
         insert into ledger_transfers (id, kind, order_id) select $2, 'refund', order_id from sold
       )
       insert into settlements (transfer_id, merchant_id, order_id, kind, currency, amount_minor, basis_points, fee_minor, at)
       select $2, merchant_id, order_id, 'refund', currency, -300, 0, 0, now() from sold`,
      [merchant.userId, newId()],
    );
    await groupShoppers(parts());
    expect((await countSegments(pool, merchant.userId)).segments).toEqual({});
  });

  it('say who came back in which month', async () => {
    const merchant = await store.person('merchant');
    const people = await Promise.all(Array.from({ length: LIMITS.segmentShoppersLeast }, () => store.person()));
    for (const { userId } of people) await bought(userId, merchant.userId, [500], 40);
    for (const { userId } of people.slice(0, 3)) await bought(userId, merchant.userId, [500, 500], 0);
    await groupShoppers(parts());
    const monthOf = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY).toISOString().slice(0, 7);
    const { body } = await store.call('GET', '/api/v1/seller/analytics/cohorts', { token: merchant.token });
    expect(valueAt(body, 'cohorts')).toEqual([
      {
        ...{ firstMonth: monthOf(40), shoppers: 10 },
        months: [
          { month: monthOf(40), shoppers: 10, orders: 10 },
          { month: monthOf(0), shoppers: 3, orders: 6 },
        ],
      },
    ]);
    expect(await findCohorts(store.database.pool, newId(), '2000-01-01')).toEqual([]);
  });

  it('are made by one process a night', async () => {
    const run = { beginAtMs: Date.now(), dueMs: Date.now() - 1 };
    const begun = await Promise.all(Array.from({ length: 4 }, () => beginRun(store.database.pool, run)));
    expect(begun.filter(Boolean)).toHaveLength(1);
  });
});
