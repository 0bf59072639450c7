import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { passNight, writeDemand } from '../../test/fixtures/forecasts.ts';
import { dropForm, openSeller, type Seller } from '../../test/fixtures/seller-drops.ts';
import { type Method, useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, objectAt, shapedAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const URL = '/api/v1/seller/drops';
const REGIONS = ['us-east', 'us-west', 'eu', 'asia'];

const call = (seller: { token: string }, method: Method, path = '', body?: unknown) =>
  store.call(method, `${URL}${path}`, { token: seller.token, body });

/** Sold in Europe every day, and a little in Asia, where a drop had to refuse many. */
async function known(): Promise<Seller> {
  const seller = await openSeller(store);
  const { sku } = seller;
  await writeDemand(store.database.pool, { sku, days: 40, region: 'eu', units: () => 12 });
  await writeDemand(store.database.pool, {
    ...{ sku, days: 5, region: 'asia', units: () => 1, dropUnits: 10, unmetUnits: 20 },
  });
  await passNight(store.database.pool, REGIONS);
  return seller;
}

const Allocation = Type.Record(Type.String(), Type.Integer());
const unitsOf = (item: unknown) =>
  Object.values(shapedAt(Allocation, item, 'allocation')).reduce((sum, units) => sum + units, 0);

describe('a proposal', () => {
  it('divides the units by past demand, exactly, and says why', async () => {
    const seller = await known();
    const { status, body, text } = await call(seller, 'POST', '/proposal', { skus: [{ sku: seller.sku, units: 101 }] });
    expect(status, text).toBe(200);
    const [item] = listAt(body, 'items');
    expect(item).toMatchObject({ sku: seller.sku, title: 'Sneaker, Black', units: 101, basis: 'article' });
    expect(unitsOf(item)).toBe(101);
    expect(Object.keys(objectAt(item, 'allocation'))).toEqual(REGIONS);
    const eu = numberAt(item, 'allocation', 'eu'),
      asia = valueAt(item, 'allocation', 'asia'),
      east = numberAt(item, 'allocation', 'us-east'),
      west = numberAt(item, 'allocation', 'us-west');
    // 28 · 12 of everyday in Europe, three times 5 · 30 of drops in Asia.
    expect(asia).toBeGreaterThan(eu);
    expect(eu).toBeGreaterThan(25);
    expect(Math.min(east, west)).toBeGreaterThan(0);
    expect(listAt(item, 'regions').find((one) => textAt(one, 'region') === 'asia')).toMatchObject({
      sold: 50,
      refused: 100,
    });
    expect(valueAt(item, 'why')).toMatch(/by what this article was asked for.* Most go to asia/);
  });

  it('of a newcomer goes by its category, of what is not theirs is refused', async () => {
    const seller = await known();
    const newcomer = await openSeller(store);
    await store.database.pool.query(
      `update products set category_id = (select p.category_id from products p join variants v on v.product_id = p.id where v.sku = $1)
       where id = (select product_id from variants where sku = $2)`,
      [seller.sku, newcomer.sku],
    );
    const { body } = await call(newcomer, 'POST', '/proposal', { skus: [{ sku: newcomer.sku, units: 100 }] });
    expect(valueAt(body, 'items', 0)).toMatchObject({ basis: 'category' });
    expect(valueAt(body, 'items', 0, 'allocation', 'eu')).toBeGreaterThan(
      numberAt(body, 'items', 0, 'allocation', 'us-east'),
    );
    expect((await call(newcomer, 'POST', '/proposal', { skus: [{ sku: seller.sku, units: 100 }] })).status).toBe(404);
    expect((await call(newcomer, 'POST', '/proposal', { skus: [{ sku: newcomer.sku, units: 0 }] })).status).toBe(400);
    expect((await call(newcomer, 'POST', '/proposal', { skus: [] })).status).toBe(400);
  });
});

describe('a drop', () => {
  it('is scheduled with the allocation that is proposed', async () => {
    const seller = await known();
    const form = dropForm(seller.sku, { allocation: 'proposed', units: 100 });
    const proposed = await call(seller, 'POST', '/proposal', { skus: [{ sku: seller.sku, units: 100 }] });
    const allocation = valueAt(proposed.body, 'items', 0, 'allocation');
    const check = await call(seller, 'POST', '/check', form);
    expect(check.body, check.text).toMatchObject({ ok: true, drop: { skus: [{ sku: seller.sku, allocation }] } });
    const made = await call(seller, 'POST', '', form);
    expect(made.body, made.text).toMatchObject({ state: 'draft', skus: [{ allocation }] });
    const changed = await call(seller, 'PATCH', `/${textAt(made.body, 'id')}`, { allocation: 'proposed', units: 60 });
    expect(changed.status, changed.text).toBe(200);
    expect(unitsOf(valueAt(changed.body, 'skus', 0))).toBe(60);
    const scheduled = await call(seller, 'POST', `/${textAt(made.body, 'id')}/schedule`);
    expect(scheduled.body, scheduled.text).toMatchObject({ state: 'scheduled' });
  });

  it('may have fewer units than there are regions', async () => {
    const seller = await known();
    for (const units of [1, 3]) {
      const made = await call(seller, 'POST', '', dropForm(seller.sku, { allocation: 'proposed', units }));
      expect(made.status, made.text).toBe(201);
      expect(unitsOf(valueAt(made.body, 'skus', 0))).toBe(units);
    }
  });

  it('of several items has each divided by itself, or as it is said', async () => {
    const [seller, other] = [await known(), await known()];
    await store.database.pool.query(
      `update products set merchant_id = $2 where id = (select product_id from variants where sku = $1)`,
      [other.sku, seller.merchantId],
    );
    const { sku: _sku, price: _price, allocation: _allocation, ...form } = dropForm(seller.sku);
    const skus = [
      { sku: seller.sku, allocation: 'proposed', units: 40 },
      { sku: other.sku, allocation: { eu: 7 } },
    ];
    const { body } = await call(seller, 'POST', '/check', { ...form, skus });
    expect(valueAt(body, 'problems')).toEqual([]);
    expect(listAt(body, 'drop', 'skus').map((item) => unitsOf(item))).toEqual([40, 7]);
    expect(valueAt(body, 'drop', 'skus', 1, 'allocation')).toEqual({ eu: 7 });
  });

  it('says what is missing, and tells nothing of what is somebody else’s', async () => {
    const [seller, other] = [await known(), await known()];
    const refused = async (changes: object) => {
      const answer = await call(seller, 'POST', '', dropForm(seller.sku, { ...changes }));
      return [answer.status, valueAt(answer.body, 'code')];
    };
    expect(await refused({ allocation: 'proposed' })).toEqual([400, 'INVALID']);
    expect(await refused({ units: 5 })).toEqual([400, 'INVALID']);
    expect(await refused({ allocation: 'proposed', units: -1 })).toEqual([400, 'INVALID']);
    expect(await refused({ allocation: 'even', units: 5 })).toEqual([400, 'INVALID']);
    const { body } = await call(seller, 'POST', '/check', dropForm(other.sku, { allocation: 'proposed', units: 50 }));
    expect(listAt(body, 'problems').map((one) => textAt(one, 'code'))).toContain('UNKNOWN_SKU');
    const foreign = valueAt(body, 'drop', 'skus', 0, 'allocation');
    const unknown = await call(seller, 'POST', '/check', dropForm(newId(), { allocation: 'proposed', units: 50 }));
    expect(valueAt(unknown.body, 'drop', 'skus', 0, 'allocation')).toEqual(foreign);
  });
});
