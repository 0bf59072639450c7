import { describe, expect, it } from 'vitest';
import { addTo, emptySketch } from '../../commerce/figures/sketch.ts';
import { Sums } from '../../commerce/figures/sums.ts';
import type { FunnelStage } from '../../contracts/figure-rows.ts';
import { createPostgresAnalytics } from '../../db/analytics/postgres.ts';
import { lockSketches, writeSketches } from '../../db/queries/figures/sketches.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const HOUR = 3_600_000;
const noon = Date.now() - (Date.now() % (24 * HOUR)) - 12 * HOUR;
const url = (what: string, query: Readonly<Record<string, string | number>> = {}) => {
  const given = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `/api/v1/seller/analytics/${what}?${given.join('&')}`;
};

async function counted(fill: (sums: Sums) => void): Promise<void> {
  const sums = new Sums();
  fill(sums);
  const analytics = createPostgresAnalytics(store.database.pool);
  await withTransaction(store.database.pool, (client) => analytics.add(client, newId(), sums.rows()));
}
const money = (name: string, merchantId: string, atMs: number, currency: string, amountMinor: number) =>
  ({ grain: 'merchant', name, merchantId, atMs, currency, amountMinor, events: 1, units: 1 }) as const;

describe('the revenue of a merchant', () => {
  it('is told by hour and currency, with what went back and the hours in which nothing happened', async () => {
    const { userId, token } = await store.person('merchant');
    const other = await store.person('merchant');
    await counted((sums) => {
      sums.add(money('payment.captured', userId, noon + 60_000, 'EUR', 1_000));
      sums.add(money('payment.captured', userId, noon + 120_000, 'EUR', 500));
      sums.add(money('payment.captured', userId, noon + HOUR, 'USD', 700));
      sums.add(money('refund.done', userId, noon + 2 * HOUR, 'EUR', 200));
      sums.add(money('order.confirmed', userId, noon, 'EUR', 1_500));
      sums.add(money('payment.captured', other.userId, noon, 'EUR', 99));
    });
    const span = { from: noon, to: noon + 3 * HOUR };
    const { status, body } = await store.call('GET', url('revenue', span), { token });
    expect(status).toBe(200);
    expect(valueAt(body, 'currencies')).toEqual([
      {
        currency: 'EUR',
        totals: { gross: 1_500, refunds: 200, net: 1_300, orders: 1, units: 2 },
        buckets: [
          { at: noon, gross: 1_500, refunds: 0, net: 1_500, orders: 1, units: 2 },
          { at: noon + HOUR, gross: 0, refunds: 0, net: 0, orders: 0, units: 0 },
          { at: noon + 2 * HOUR, gross: 0, refunds: 200, net: -200, orders: 0, units: 0 },
        ],
      },
      expect.objectContaining({ currency: 'USD', totals: { gross: 700, refunds: 0, net: 700, orders: 0, units: 1 } }),
    ]);
    const byDay = { ...span, step: 'day', timezone: 'Pacific/Auckland' };
    const days = await store.call('GET', url('revenue', byDay), { token });
    expect(valueAt(days.body, 'currencies', 0, 'totals')).toMatchObject({ gross: 1_500, net: 1_300 });
    const own = await store.call('GET', url('revenue', span), { token: other.token });
    expect(valueAt(own.body, 'currencies')).toMatchObject([{ currency: 'EUR', totals: { gross: 99 } }]);
  });

  it('is nothing where nothing was sold, and refused where it is too much or somebody else’s', async () => {
    const { token } = await store.person('merchant');
    const empty = await store.call('GET', url('revenue'), { token });
    expect(empty).toMatchObject({ status: 200, body: { step: 'hour', timezone: 'UTC', currencies: [] } });
    for (const query of [
      { from: noon, to: noon },
      { from: noon, to: noon + 48 * HOUR, step: 'minute' },
      { timezone: 'Moon/Crater' },
      { step: 'century' },
    ]) {
      expect((await store.call('GET', url('revenue', query), { token })).status).toBe(400);
    }
    expect((await store.call('GET', url('revenue', { merchantId: newId() }), { token })).status).toBe(403);
    const shopper = await store.person();
    expect((await store.call('GET', url('revenue'), { token: shopper.token })).status).toBe(403);
  });

  it('is that of the store for an admin, or of the merchant whom they name', async () => {
    const admin = await store.person('admin');
    const { userId } = await store.person('merchant');
    const at = noon - 48 * HOUR;
    await counted((sums) => {
      sums.add(money('payment.captured', userId, at, 'JPY', 300));
      const { merchantId: _of, ...all } = money('payment.captured', userId, at, 'JPY', 5_000);
      sums.add({ ...all, grain: 'all' });
    });
    const span = { from: at, to: at + HOUR };
    const all = await store.call('GET', url('revenue', span), { token: admin.token });
    const one = await store.call('GET', url('revenue', { ...span, merchantId: userId }), { token: admin.token });
    expect(valueAt(all.body, 'currencies')).toMatchObject([{ currency: 'JPY', totals: { gross: 5_000 } }]);
    expect(valueAt(one.body, 'currencies')).toMatchObject([{ currency: 'JPY', totals: { gross: 300 } }]);
  });
});

describe('conversion and products', () => {
  it('are orders for each look, and the products that lead', async () => {
    const { userId: merchantId, token } = await store.person('merchant');
    const [cup, lamp] = await Promise.all(
      ['Cup', 'Lamp'].map((title) => sell(store.database.pool, { onHand: 1, merchantId, title })),
    );
    if (cup === undefined || lamp === undefined) throw new Error('nothing to sell');
    await counted((sums) => {
      const looks = { name: 'product.viewed', merchantId, atMs: noon, events: 4, units: 4 } as const;
      sums.add({ ...looks, grain: 'merchant' });
      sums.add({ ...looks, grain: 'article', productId: lamp.productId });
      sums.add({ ...money('order.confirmed', merchantId, noon, 'EUR', 900) });
      const paid = { ...money('payment.captured', merchantId, noon, 'EUR', 900), grain: 'article' } as const;
      sums.add({ ...paid, productId: cup.productId, sku: cup.sku, units: 3 });
    });
    const span = { from: noon, to: noon + 60_000, step: 'minute' };
    const rates = await store.call('GET', url('conversion', span), { token });
    expect(valueAt(rates.body, 'totals')).toMatchObject({ views: 4, orders: 1, conversion: 0.25, placed: 0 });
    expect(valueAt(rates.body, 'buckets')).toHaveLength(1);
    const by = async (more: Record<string, string>) => {
      const { body } = await store.call('GET', url('products', { from: noon, to: noon + 60_000, ...more }), { token });
      return valueAt(body, 'items');
    };
    expect(await by({ by: 'revenue', currency: 'EUR' })).toEqual([
      {
        ...{ productId: cup.productId, title: 'Cup', views: 0, cartAdds: 0, units: 3 },
        money: [{ currency: 'EUR', revenue: 900, refunds: 0 }],
      },
    ]);
    expect(await by({ by: 'views' })).toMatchObject([{ productId: lamp.productId, views: 4, money: [] }]);
    expect((await store.call('GET', url('products', { by: 'revenue' }), { token })).status).toBe(400);
  });
});

describe('the funnel', () => {
  it('counts different shoppers over all of its days', async () => {
    const { userId: merchantId, token } = await store.person('merchant');
    const shoppers = Array.from({ length: 20 }, () => newId());
    const came = async (day: string, stage: FunnelStage, ids: readonly string[]) => {
      await withTransaction(store.database.pool, async (client) => {
        const [one] = await lockSketches(client, [{ merchantId, day, stage }], emptySketch());
        if (one === undefined) throw new Error('no sketch');
        for (const id of ids) addTo(one.sketch, id);
        await writeSketches(client, [one]);
      });
    };
    await came('2026-03-01', 'viewed', shoppers.slice(0, 12));
    await came('2026-03-02', 'viewed', shoppers.slice(8));
    await came('2026-03-02', 'cart', shoppers.slice(0, 5));
    await came('2026-03-02', 'paid', shoppers.slice(0, 1));
    const { body } = await store.call('GET', url('funnel', { from: '2026-03-01', to: '2026-03-02' }), { token });
    expect(valueAt(body, 'stages')).toEqual([
      { stage: 'viewed', shoppers: 20, ofFirst: 1, ofBefore: null },
      { stage: 'cart', shoppers: 5, ofFirst: 0.25, ofBefore: 0.25 },
      { stage: 'checkout', shoppers: 0, ofFirst: 0, ofBefore: 0 },
      { stage: 'placed', shoppers: 0, ofFirst: 0, ofBefore: null },
      { stage: 'paid', shoppers: 1, ofFirst: 0.05, ofBefore: null },
    ]);
    const empty = await store.call('GET', url('funnel'), { token });
    expect(valueAt(empty.body, 'stages')).toMatchObject([{ shoppers: 0, ofFirst: null }, {}, {}, {}, {}]);
    const long = { from: '2026-01-01', to: '2026-12-31' };
    expect((await store.call('GET', url('funnel', long), { token })).status).toBe(400);
    // Dates that JavaScript takes for the third of March, and PostgreSQL for none.
    for (const span of [{ from: '2026-02-31', to: '2026-03-05' }, { to: '2026-02-31' }]) {
      expect((await store.call('GET', url('funnel', span), { token })).status).toBe(400);
    }
  });
});
