import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { passNight, writeDemand } from '../../test/fixtures/forecasts.ts';
import { dropForm, openSeller, type Seller } from '../../test/fixtures/seller-drops.ts';
import { type Method, useStore } from '../../test/fixtures/store.ts';

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

const unitsOf = (allocation: Readonly<Record<string, number>>) =>
  Object.values(allocation).reduce((sum, units) => sum + units, 0);

describe('a proposal', () => {
  it('divides the units by past demand, exactly, and says why', async () => {
    const seller = await known();
    const { status, body, text } = await call(seller, 'POST', '/proposal', { skus: [{ sku: seller.sku, units: 101 }] });
    expect(status, text).toBe(200);
    const [item] = body.items;
    expect(item).toMatchObject({ sku: seller.sku, title: 'Sneaker, Black', units: 101, basis: 'article' });
    expect(unitsOf(item.allocation)).toBe(101);
    expect(Object.keys(item.allocation)).toEqual(REGIONS);
    const { eu, asia, 'us-east': east, 'us-west': west } = item.allocation;
    // 28 · 12 of everyday in Europe, three times 5 · 30 of drops in Asia.
    expect(asia).toBeGreaterThan(eu);
    expect(eu).toBeGreaterThan(25);
    expect(Math.min(east, west)).toBeGreaterThan(0);
    expect(item.regions.find(({ region }: { region: string }) => region === 'asia')).toMatchObject({
      sold: 50,
      refused: 100,
    });
    expect(item.why).toMatch(/by what this article was asked for.* Most go to asia/);
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
    expect(body.items[0]).toMatchObject({ basis: 'category' });
    expect(body.items[0].allocation.eu).toBeGreaterThan(body.items[0].allocation['us-east']);
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
    const { allocation } = proposed.body.items[0];
    const check = await call(seller, 'POST', '/check', form);
    expect(check.body, check.text).toMatchObject({ ok: true, drop: { skus: [{ sku: seller.sku, allocation }] } });
    const made = await call(seller, 'POST', '', form);
    expect(made.body, made.text).toMatchObject({ state: 'draft', skus: [{ allocation }] });
    const changed = await call(seller, 'PATCH', `/${made.body.id}`, { allocation: 'proposed', units: 60 });
    expect(changed.status, changed.text).toBe(200);
    expect(unitsOf(changed.body.skus[0].allocation)).toBe(60);
    const scheduled = await call(seller, 'POST', `/${made.body.id}/schedule`);
    expect(scheduled.body, scheduled.text).toMatchObject({ state: 'scheduled' });
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
    expect(body.problems).toEqual([]);
    expect(body.drop.skus.map((item: { allocation: Record<string, number> }) => unitsOf(item.allocation))).toEqual([
      40, 7,
    ]);
    expect(body.drop.skus[1].allocation).toEqual({ eu: 7 });
  });

  it('says what is missing, and tells nothing of what is somebody else’s', async () => {
    const [seller, other] = [await known(), await known()];
    const refused = async (changes: object) => {
      const answer = await call(seller, 'POST', '', dropForm(seller.sku, { ...changes }));
      return [answer.status, answer.body.code];
    };
    expect(await refused({ allocation: 'proposed' })).toEqual([400, 'INVALID']);
    expect(await refused({ units: 5 })).toEqual([400, 'INVALID']);
    expect(await refused({ allocation: 'proposed', units: -1 })).toEqual([400, 'INVALID']);
    expect(await refused({ allocation: 'even', units: 5 })).toEqual([400, 'INVALID']);
    const { body } = await call(seller, 'POST', '/check', dropForm(other.sku, { allocation: 'proposed', units: 50 }));
    expect(body.problems.map(({ code }: { code: string }) => code)).toContain('UNKNOWN_SKU');
    const foreign = body.drop.skus[0].allocation;
    const unknown = await call(seller, 'POST', '/check', dropForm(newId(), { allocation: 'proposed', units: 50 }));
    expect(unknown.body.drop.skus[0].allocation).toEqual(foreign);
  });
});
