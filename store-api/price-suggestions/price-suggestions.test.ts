import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { passNight, writeDemand } from '../../test/fixtures/forecasts.ts';
import { reprice, sell } from '../../test/fixtures/goods.ts';
import { type Method, useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

let aheadMs = 0;
const clock = { now: () => Date.now() + aheadMs };
const store = useStore({ clock, nextId: createIdSource(clock) });
const URL = '/api/v1/seller';

async function merchant() {
  const { userId: merchantId, token } = await store.person('merchant');
  const call = (method: Method, path: string, body?: unknown, as = token) =>
    store.call(method, `${URL}/${path}`, { token: as, body });
  return {
    ...{ merchantId, token, call },
    /** Ten a day are asked for, so 280 in the days that a price is judged by. */
    async offer(onHand: number, bounds: object | null = { floor: 800, ceiling: 3_000 }) {
      const { sku, productId } = await sell(store.database.pool, { merchantId, onHand });
      await writeDemand(store.database.pool, { sku, days: 60, units: () => 10 });
      if (bounds !== null) {
        const set = await call('PUT', `variants/${sku}/price-bounds`, bounds);
        expect(set.status, set.text).toBe(200);
      }
      return { sku, productId };
    },
    async suggestion(sku: string) {
      await passNight(store.database.pool, ['eu'], clock.now());
      const { body } = await call('GET', `price-suggestions?sku=${sku}`);
      return valueAt(body, 'items', 0);
    },
  };
}

const priceOf = async (sku: string) => {
  const { rows } = await store.database.pool.query(
    `select v.price_minor::int as price, v.title, (select count(*)::int from price_history h where h.variant_id = v.id) as prices
     from variants v where sku = $1`,
    [sku],
  );
  return rows[0];
};

describe('a suggested price', () => {
  it('is made for articles with a floor and a ceiling only, and changes nothing by itself', async () => {
    const { call, offer, suggestion } = await merchant();
    const [scarce, unbound] = [await offer(100), await offer(100, null)];
    const made = await suggestion(scarce.sku);
    expect(made).toMatchObject({
      ...{ sku: scarce.sku, state: 'open', price: 1_000, suggested: 1_150, currency: 'EUR', reason: 'scarce' },
      ...{ stock: 100, days: 28, elasticity: { from: 'usual', value: -1.6, prices: 0 } },
    });
    expect(valueAt(made, 'kept')).toMatchObject({ units: 100, revenue: 100_000 });
    expect(valueAt(made, 'changed')).toMatchObject({ units: 100, revenue: 115_000 });
    expect(valueAt(made, 'why')).toContain('neither it nor its category had enough prices');
    const all = await call('GET', 'price-suggestions');
    expect(listAt(all.body, 'items').map((one) => textAt(one, 'sku'))).toEqual([scarce.sku]);
    expect(await priceOf(unbound.sku)).toMatchObject({ price: 1_000 });
    expect(await priceOf(scarce.sku)).toMatchObject({ price: 1_000, prices: 1 });
  });

  it('becomes the price when it is accepted, once, with the price history and the audit trail', async () => {
    const { merchantId, call, offer, suggestion } = await merchant();
    const { sku, productId } = await offer(100);
    const id = textAt(await suggestion(sku), 'id');
    const before = await store.call('GET', `/api/v1/products/${productId}`);
    const both = await Promise.all([1, 2].map(() => call('POST', `price-suggestions/${id}/accept`)));
    expect(both.map(({ status }) => status).toSorted(), both[0]?.text).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'STEP_REFUSED' });
    expect(await priceOf(sku)).toEqual({ price: 1_150, title: 'Black', prices: 2 });
    const after = await store.call('GET', `/api/v1/products/${productId}`);
    expect(valueAt(after.body, 'variants', 0, 'price')).toBe(1_150);
    expect(valueAt(after.body, 'version')).toBeGreaterThan(numberAt(before.body, 'version'));
    const { rows } = await store.database.pool.query('select action, detail from audit_log where actor_id = $1', [
      merchantId,
    ]);
    expect(rows).toEqual([
      {
        action: 'price.suggestion.accepted',
        detail: { suggestionId: id, price: 1_000, suggested: 1_150, currency: 'EUR' },
      },
    ]);
    const list = await call('GET', `price-suggestions?state=accepted`);
    expect(valueAt(list.body, 'items')).toMatchObject([{ id, state: 'accepted' }]);
  });

  it('is refused when the price or its bounds have changed, or its time is over', async () => {
    const { call, offer, suggestion } = await merchant();
    const { sku } = await offer(100);
    const first = await suggestion(sku);
    const accept = () => call('POST', `price-suggestions/${textAt(first, 'id')}/accept`);
    await reprice(store.database.pool, sku, 1_010);
    expect((await accept()).body).toMatchObject({ code: 'SUGGESTION_STALE', detail: expect.stringContaining('1010') });
    await reprice(store.database.pool, sku, 1_000);
    await call('PUT', `variants/${sku}/price-bounds`, { floor: 800, ceiling: 1_100 });
    expect((await accept()).body).toMatchObject({
      code: 'PRICE_OUT_OF_BOUNDS',
      detail: expect.stringContaining('1100'),
    });
    expect((await call('DELETE', `variants/${sku}/price-bounds`)).status).toBe(204);
    expect(valueAt((await accept()).body, 'code')).toBe('PRICE_OUT_OF_BOUNDS');
    await call('PUT', `variants/${sku}/price-bounds`, { floor: 800, ceiling: 3_000 });
    aheadMs = 7 * 24 * 3_600_000 + 1_000;
    const { token } = await store.person('admin');
    try {
      expect(
        valueAt((await call('POST', `price-suggestions/${textAt(first, 'id')}/accept`, undefined, token)).body, 'code'),
      ).toBe('SUGGESTION_STALE');
      expect(valueAt((await call('GET', 'price-suggestions', undefined, token)).body, 'items')).toEqual([]);
    } finally {
      aheadMs = 0;
    }
    expect(await priceOf(sku)).toMatchObject({ price: 1_000 });
  });

  it('of somebody else is not there', async () => {
    const [mine, theirs] = [await merchant(), await merchant()];
    const { sku } = await theirs.offer(100);
    const id = textAt(await theirs.suggestion(sku), 'id');
    for (const step of ['accept', 'dismiss']) {
      expect((await mine.call('POST', `price-suggestions/${id}/${step}`)).status).toBe(404);
    }
    expect(valueAt((await mine.call('GET', `price-suggestions?sku=${sku}`)).body, 'items')).toEqual([]);
    for (const [method, body] of [['GET'], ['PUT', { floor: 1, ceiling: 2 }], ['DELETE']] as const) {
      expect((await mine.call(method, `variants/${sku}/price-bounds`, body)).status).toBe(404);
    }
    expect((await mine.call('POST', `price-suggestions/${newId()}/accept`)).status).toBe(404);
  });

  it('that was dismissed is over; the next night makes another, in place of one that is open', async () => {
    const { call, offer, suggestion } = await merchant();
    const { sku } = await offer(100);
    const first = await suggestion(sku);
    const second = await suggestion(sku);
    expect(valueAt(second, 'id')).not.toBe(valueAt(first, 'id'));
    expect(valueAt((await call('POST', `price-suggestions/${textAt(first, 'id')}/accept`)).body, 'detail')).toContain(
      'superseded',
    );
    expect((await call('POST', `price-suggestions/${textAt(second, 'id')}/dismiss`)).body).toMatchObject({
      state: 'dismissed',
    });
    expect(valueAt((await call('POST', `price-suggestions/${textAt(second, 'id')}/accept`)).body, 'code')).toBe(
      'STEP_REFUSED',
    );
    expect(await priceOf(sku)).toMatchObject({ price: 1_000 });
  });

  it('goes by the article’s own prices where it had enough of them', async () => {
    const { offer, suggestion } = await merchant();
    const { sku } = await offer(10_000, { floor: 100, ceiling: 3_000, cost: 100 });
    const { pool } = store.database;
    await pool.query('delete from price_history where variant_id = (select id from variants where sku = $1)', [sku]);
    for (const [price, daysAgo] of [
      [1_400, 61],
      [1_200, 40],
      [1_000, 20],
    ] as const) {
      await pool.query(
        `insert into price_history (variant_id, price_minor, currency, at)
         select id, $2, 'EUR', now() - $3 * interval '1 day' from variants where sku = $1`,
        [sku, price, daysAgo],
      );
    }
    // Demand doubles and doubles again as the price falls.
    await pool.query(
      `update demand_days set units = case when current_date - day > 40 then 5 when current_date - day > 20 then 10 else 20 end
       where sku = $1`,
      [sku],
    );
    const made = await suggestion(sku);
    expect(valueAt(made, 'elasticity')).toMatchObject({ from: 'own', prices: 3 });
    expect(valueAt(made, 'elasticity', 'value')).toBeLessThan(-3);
    expect(valueAt(made, 'suggested')).toBeLessThan(1_000);
    expect(valueAt(made, 'why')).toContain('by the prices that it had');
  });
});

describe('floor and ceiling', () => {
  it('are set, shown and taken away; the one is not above the other, nor the cost above it', async () => {
    const { call, offer } = await merchant();
    const { sku } = await offer(1, null);
    const path = `variants/${sku}/price-bounds`;
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('PUT', path, { floor: 900, ceiling: 800 })).body).toMatchObject({ code: 'INVALID' });
    expect((await call('PUT', path, { floor: 900, ceiling: 1_000, cost: 901 })).status).toBe(400);
    expect((await call('PUT', path, { floor: -1, ceiling: 1_000 })).status).toBe(400);
    const set = { floor: 900, ceiling: 1_000, cost: 700 };
    expect((await call('PUT', path, set)).body).toEqual({ sku, ...set, currency: 'EUR' });
    expect((await call('GET', path)).body).toEqual({ sku, ...set, currency: 'EUR' });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(404);
  });
});
