import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import { listAlerts } from '../../db/queries/stock/alerts.ts';
import { systemClock } from '../../platform/clock.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { areValuesOf } from '../notify/render.ts';
import { followChanges } from './stock-alerts.ts';

const database = useDatabase();
const options = () => ({ database: database.pool, clock: systemClock, nextId: createIdSource(systemClock) });

async function article(onHand: number, lowStockAt = 0, merchantId = newId()) {
  const sold = await sell(database.pool, { onHand, merchantId });
  await database.pool.query('update variants set low_stock_at = $2 where sku = $1', [sold.sku, lowStockAt]);
  return sold;
}
const leave = (sku: string, onHand: number) =>
  database.pool.query('update inventory set on_hand = $2 where sku = $1', [sku, onHand]);
const follow = (...skus: string[]) => followChanges(options(), skus);

async function outbox(topic: string, key: string) {
  const { rows } = await database.pool.query<{ payload: string }>(
    'select payload from outbox where topic = $1 and key = $2 order by position',
    [topic, key],
  );
  return rows.map(({ payload }) => JSON.parse(payload).data);
}
async function alerts(merchantId: string, isOpen = true) {
  const found = await listAlerts(database.pool, { merchantId, isOpen, before: null, limit: 10 });
  return found.map(({ kind }) => kind).toSorted();
}

describe('stock that goes down', () => {
  it('is told of when it is low, when it is sold out, and once for each', async () => {
    const { sku, merchantId } = await article(10, 3);
    await follow(sku);
    expect(await alerts(merchantId)).toEqual([]);
    await leave(sku, 3);
    await Promise.all([follow(sku), follow(sku)]);
    await leave(sku, 2);
    await follow(sku);
    expect(await alerts(merchantId)).toEqual(['low']);
    await leave(sku, 0);
    await follow(sku);
    expect(await alerts(merchantId)).toEqual(['low', 'sold-out']);
    const mails = await outbox('notification.email', merchantId);
    expect(mails.map(({ values }) => values)).toMatchObject([
      { sku, available: 3, more: 0 },
      { sku, available: 0 },
    ]);
    expect(mails.every(({ values }) => areValuesOf('stock-alert', values))).toBe(true);
  });

  it('is quiet about what comes and goes, until a day is over', async () => {
    const { sku, merchantId } = await article(1);
    for (const onHand of [0, 1, 0, 1, 0]) {
      await leave(sku, onHand);
      await follow(sku);
    }
    expect(await outbox('notification.email', merchantId)).toHaveLength(1);
    expect(await alerts(merchantId, false)).toHaveLength(3);
    await database.pool.query(
      `update stock_alerts set told_at = told_at - $2::float8 * interval '1 ms' where sku = $1`,
      [sku, LIFETIMES.alertQuietMs],
    );
    await leave(sku, 1);
    await follow(sku);
    await leave(sku, 0);
    await follow(sku);
    expect(await outbox('notification.email', merchantId)).toHaveLength(2);
  });

  it('of several articles is one mail, about the scarcest', async () => {
    const merchantId = newId();
    const [few, none] = [await article(2, 5, merchantId), await article(0, 5, merchantId)];
    await follow(few.sku, none.sku);
    const mails = await outbox('notification.email', merchantId);
    expect(mails).toMatchObject([{ template: 'stock-alert', values: { sku: none.sku, available: 0, more: 1 } }]);
  });

  it('is nobody’s worry when the article is not on sale', async () => {
    const { sku, merchantId, productId } = await article(0, 5);
    await database.pool.query(`update products set status = 'draft' where id = $1`, [productId]);
    await follow(sku);
    expect(await alerts(merchantId)).toEqual([]);
  });
});

describe('stock that turns', () => {
  it('lets the caches of the store know, and only then', async () => {
    const { sku, productId } = await article(2);
    for (const onHand of [1, 0, 0, 5, 4]) {
      await leave(sku, onHand);
      await follow(sku);
    }
    const told = await outbox('cache.invalidate', productId);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatchObject({ kind: 'product' });
  });
});
