import { describe, expect, it } from 'vitest';
import { passNight, writeDemand } from '../../test/fixtures/forecasts.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { type Method, useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const REGIONS = ['us-east', 'eu'];
const URL = '/api/v1/seller';
const night = () => passNight(store.database.pool, REGIONS);

async function merchant() {
  const { userId: merchantId, token } = await store.person('merchant');
  return {
    merchantId,
    token,
    call: (method: Method, path: string, body?: unknown) => store.call(method, `${URL}/${path}`, { token, body }),
    sell: (onHand: number) => sell(store.database.pool, { merchantId, onHand }),
  };
}

const ahead = (figures: readonly unknown[]) =>
  figures.slice(0, 28).reduce<number>((sum, day) => sum + numberAt(day, 'mean'), 0);

describe('forecasts', () => {
  it('are shown to their merchant, of one article day by day and by region', async () => {
    const { call, sell: offer } = await merchant();
    const { sku } = await offer(100);
    await writeDemand(store.database.pool, { sku, days: 60, units: () => 6 });
    await writeDemand(store.database.pool, { sku, days: 60, region: 'us-east', units: () => 3 });
    await night();
    const page = await call('GET', 'forecasts');
    expect(page.status, page.text).toBe(200);
    expect(valueAt(page.body, 'nextCursor')).toBeNull();
    const [summary] = listAt(page.body, 'items');
    expect(summary).toMatchObject({ sku, coverage: expect.closeTo(0.9), daysSeen: 60, unitsSeen: 540 });
    expect(summary).not.toHaveProperty('days');
    expect(valueAt(summary, 'month', 'mean')).toBeCloseTo(28 * 9, 0);
    expect(valueAt(summary, 'week', 'low')).toBeLessThan(numberAt(summary, 'week', 'mean'));

    const { body } = await call('GET', `forecasts?sku=${sku}`);
    const [whole] = listAt(body, 'items');
    expect(valueAt(whole, 'days')).toHaveLength(56);
    expect(valueAt(whole, 'days', 0, 'day')).toBe(new Date().toISOString().slice(0, 10));
    expect(listAt(whole, 'regions').map((one) => [textAt(one, 'region'), numberAt(one, 'share')])).toEqual([
      ['eu', 0.67],
      ['us-east', 0.33],
    ]);
    const sum = listAt(whole, 'regions').reduce<number>((total, one) => total + ahead(listAt(one, 'days')), 0);
    expect(sum).toBeCloseTo(ahead(listAt(whole, 'days')), 0);
  });

  it('of what is somebody else’s, or nothing’s, are not there; what nobody asked for is expected not to be', async () => {
    const [mine, theirs] = [await merchant(), await merchant()];
    const { sku } = await theirs.sell(5);
    await night();
    expect((await mine.call('GET', `forecasts?sku=${sku}`)).status).toBe(404);
    expect((await mine.call('GET', `reorder?sku=${sku}`)).status).toBe(404);
    expect(valueAt((await mine.call('GET', 'forecasts')).body, 'items')).toEqual([]);
    expect((await mine.call('PUT', `variants/${sku}/reorder-settings`, { leadDays: 3 })).status).toBe(404);
    const own = await theirs.call('GET', `forecasts?sku=${sku}`);
    expect(valueAt(own.body, 'items', 0)).toMatchObject({ sku, month: { mean: expect.any(Number) } });
    const admin = await store.person('admin');
    expect((await store.call('GET', `${URL}/forecasts?sku=${sku}`, { token: admin.token })).status).toBe(200);
  });

  it('are paged by SKU', async () => {
    const { call, sell: offer } = await merchant();
    const skus = [(await offer(1)).sku, (await offer(1)).sku, (await offer(1)).sku].toSorted();
    const first = await call('GET', 'forecasts?limit=2');
    expect(listAt(first.body, 'items').map((one) => textAt(one, 'sku'))).toEqual(skus.slice(0, 2));
    const second = await call('GET', `forecasts?limit=2&cursor=${textAt(first.body, 'nextCursor')}`);
    expect(second.body).toMatchObject({ items: [{ sku: skus[2] }], nextCursor: null });
  });
});

describe('what to order', () => {
  it('is what will not last, with the reason, by the rule of the article, the merchant, or the usual one', async () => {
    const { call, sell: offer } = await merchant();
    const [low, plenty] = [await offer(20), await offer(5_000)];
    for (const { sku } of [low, plenty]) await writeDemand(store.database.pool, { sku, days: 60, units: () => 10 });
    await night();
    const usual = await call('GET', 'reorder');
    expect(usual.status, usual.text).toBe(200);
    expect(valueAt(usual.body, 'items')).toHaveLength(1);
    const [line] = listAt(usual.body, 'items');
    expect(line).toMatchObject({ sku: low.sku, available: 20, isDue: true, lastsDays: 2, rule: { from: 'usual' } });
    expect(valueAt(line, 'leadTimeDemand')).toBeCloseTo(140, 0);
    expect(valueAt(line, 'reorderPoint')).toBe(
      Math.ceil(numberAt(line, 'leadTimeDemand') + numberAt(line, 'safetyStock') - 0.5),
    );
    expect(valueAt(line, 'quantity')).toBe(numberAt(line, 'upTo') - 20);
    expect(valueAt(line, 'quantity')).toBeGreaterThan(190);
    expect(valueAt(line, 'why')).toContain('in the 14 days until an order is there');

    const rule = { leadDays: 2, reviewDays: 1, serviceLevel: 0.9, packUnits: 50 };
    expect((await call('PUT', 'reorder-settings', rule)).body).toEqual({ ...rule, from: 'merchant' });
    const packed = valueAt((await call('GET', 'reorder')).body, 'items', 0);
    expect(packed).toMatchObject({ rule: { ...rule, from: 'merchant' } });
    expect(numberAt(packed, 'quantity') % 50).toBe(0);
    const own = { leadDays: 90, reviewDays: 60, serviceLevel: 0.99, packUnits: 1 };
    await call('PUT', `variants/${low.sku}/reorder-settings`, own);
    const long = valueAt((await call('GET', `reorder?sku=${low.sku}`)).body, 'items', 0);
    expect(long).toMatchObject({ rule: { ...own, from: 'article' } });
    expect(valueAt(long, 'leadTimeDemand')).toBeCloseTo(900, -1);
    const gone = await call('DELETE', `variants/${low.sku}/reorder-settings`);
    expect(gone.body).toEqual({ ...rule, from: 'merchant' });

    const all = await call('GET', 'reorder?due=false');
    expect(listAt(all.body, 'items').map((one) => textAt(one, 'sku'))).toEqual([low.sku, plenty.sku].toSorted());
    const paged = await call('GET', 'reorder?due=false&limit=1');
    const rest = await call('GET', `reorder?due=false&limit=1&cursor=${textAt(paged.body, 'nextCursor')}`);
    expect([...listAt(paged.body, 'items'), ...listAt(rest.body, 'items')]).toEqual(valueAt(all.body, 'items'));
    expect(valueAt(rest.body, 'nextCursor')).toBeNull();
  });

  it('is refused with a rule that cannot be', async () => {
    const { call } = await merchant();
    for (const rule of [
      { leadDays: 0 },
      { leadDays: 181 },
      { leadDays: 5, serviceLevel: 1 },
      { leadDays: 5, packs: 1 },
    ]) {
      expect((await call('PUT', 'reorder-settings', rule)).status).toBe(400);
    }
    const admin = await store.person('admin');
    const answer = await store.call('PUT', `${URL}/reorder-settings`, { token: admin.token, body: { leadDays: 5 } });
    expect(answer.status).toBe(403);
  });
});
