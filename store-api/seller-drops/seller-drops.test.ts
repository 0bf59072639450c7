import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { dropForm, findingsIn, openSeller, sellerDropCalls, shelve } from '../../test/fixtures/seller-drops.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const { call, draft, scheduled } = sellerDropCalls(store);
const HOUR_MS = 3_600_000;

describe('a draft', () => {
  it('is filled in with what was not said, and read and listed by its merchant', async () => {
    const seller = await openSeller(store);
    const startsAt = Date.now() + HOUR_MS;
    const made = await call(seller, 'POST', '', { sku: seller.sku, startsAt, allocation: { eu: 5 } });
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      ...{ title: 'Sneaker, Black', currency: 'USD', mode: 'fifo', state: 'draft', phase: null },
      skus: [{ sku: seller.sku, title: 'Sneaker, Black', price: 1_000, allocation: { eu: 5 } }],
      ...{ startsAt, lobbyOpensAt: startsAt - 600_000, endsAt: startsAt + HOUR_MS, holdSeconds: 900 },
      admission: { perSecond: 200, maxActive: 60_000 },
      ...{ challenge: 'auto', stock: [], check: { problems: [], warnings: [] } },
    });
    expect((await call(seller, 'GET', `/${textAt(made.body, 'id')}`)).body).toEqual(made.body);
    const { body: page } = await call(seller, 'GET', '?state=draft&limit=1');
    expect(valueAt(page, 'items', 0, 'id')).toBe(valueAt(made.body, 'id'));
    expect((await store.call('GET', `/api/v1/drops/${textAt(made.body, 'id')}`)).status).toBe(404);
  });

  it('is changed freely, and removed', async () => {
    const seller = await openSeller(store);
    const id = await draft(seller);
    const changed = await call(seller, 'PATCH', `/${id}`, { title: 'Day drop', allocation: { asia: 7 }, price: 5 });
    expect(changed.body).toMatchObject({
      title: 'Day drop',
      revision: 2,
      skus: [{ price: 5, allocation: { asia: 7 } }],
    });
    expect((await call(seller, 'DELETE', `/${id}`)).status).toBe(204);
    expect((await call(seller, 'GET', `/${id}`)).status).toBe(404);
  });

  it('of somebody else is not there', async () => {
    const [owner, stranger] = [await openSeller(store), await openSeller(store)];
    const id = await draft(owner);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { title: 'Mine' }],
      ['DELETE', '', undefined],
      ['POST', '/schedule', undefined],
      ['POST', '/schedule?dryRun=true', undefined],
      ['POST', '/pause', undefined],
    ] as const) {
      const answer = await call(stranger, method, `/${id}${path}`, body);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    const stolen = await call(stranger, 'POST', '/check', dropForm(owner.sku));
    expect(findingsIn(listAt(stolen.body, 'problems'))).toContain('skus[0].sku UNKNOWN_SKU');
    expect(stolen.text).not.toContain(' in Second');
  });

  it('is made for a merchant by an admin, who says whose it is', async () => {
    const [seller, admin] = [await openSeller(store), await store.person('admin')];
    expect(valueAt((await call(admin, 'POST', '', dropForm(seller.sku))).body, 'detail')).toContain('merchantId');
    const made = await call(admin, 'POST', '', { ...dropForm(seller.sku), merchantId: seller.merchantId });
    expect(valueAt(made.body, 'merchantId')).toBe(seller.merchantId);
    expect((await call(seller, 'POST', '', { ...dropForm(seller.sku), merchantId: newId() })).status).toBe(403);
  });
});

describe('an impossible drop', () => {
  it('is told everything that is wrong with it at once, with the figures', async () => {
    const seller = await openSeller(store);
    const nowMs = Date.now();
    const { body } = await call(seller, 'POST', '/check', {
      ...dropForm(seller.sku, { startsAt: nowMs - HOUR_MS, lobbyOpensAt: nowMs, endsAt: nowMs - 2 * HOUR_MS }),
      ...{ allocation: { eu: 500, atlantis: 1 }, holdSeconds: 90_000, perShopperLimit: 0, mode: 'lottery' },
      lanes: [
        { name: 'one', weight: 0, tier: 'gold' },
        { name: 'one', weight: 1, tier: 'gold' },
      ],
    });
    expect(valueAt(body, 'ok')).toBe(false);
    expect(findingsIn(listAt(body, 'problems'))).toEqual([
      'endsAt END_PAST',
      'endsAt TIMES_OUT_OF_ORDER',
      'holdSeconds HOLD_OUT_OF_RANGE',
      'lanes[0].weight LANES_INVALID',
      'lanes[1].name LANES_INVALID',
      'lobbyOpensAt LOBBY_PAST',
      'lobbyOpensAt TIMES_OUT_OF_ORDER',
      'perShopperLimit LIMIT_OUT_OF_RANGE',
      'skus[0].allocation NOT_ENOUGH_STOCK',
      'skus[0].allocation.atlantis UNKNOWN_REGION',
      'startsAt START_PAST',
    ]);
    const text = listAt(body, 'problems')
      .map((one) => textAt(one, 'message'))
      .join('\n');
    expect(text).toContain('501 units');
    expect(text).toContain('120 are free (70 in W, 50 in Second): 381 are missing');
    expect(text).toContain('there are us-east, us-west, eu, asia');
    expect(findingsIn(listAt(body, 'warnings'))).toContain('lanes[1].tier LANES_SAME_TIER');
  });

  it('is no draft where it could not be kept, and is not scheduled where it could', async () => {
    const seller = await openSeller(store);
    const refused = await call(seller, 'POST', '', dropForm(seller.sku, { holdSeconds: 0, lanes: [] }));
    expect(refused.status).toBe(422);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ code: 'DROP_IMPOSSIBLE', status: 422 });
    expect(findingsIn(listAt(refused.body, 'problems'))).toEqual([
      'holdSeconds HOLD_OUT_OF_RANGE',
      'lanes LANES_INVALID',
    ]);

    const id = await draft(seller, { allocation: { eu: 121 }, admission: { perSecond: 1, maxActive: 1 } });
    const answer = await call(seller, 'POST', `/${id}/schedule`);
    expect(answer.status).toBe(422);
    expect(findingsIn(listAt(answer.body, 'problems'))).toEqual(['skus[0].allocation NOT_ENOUGH_STOCK']);
    expect(findingsIn(listAt(answer.body, 'warnings'))).toEqual(['admission.maxActive ACTIVE_BELOW_PACE']);
    expect(valueAt((await call(seller, 'GET', `/${id}`)).body, 'state')).toBe('draft');
    await shelve(store.database.pool, seller.sku, 1);
    expect((await call(seller, 'POST', `/${id}/schedule`)).status).toBe(200);
  });

  it('cannot sell out in its time, is dearer than the shop, or in another currency', async () => {
    const seller = await openSeller(store);
    const startsAt = Date.now() + HOUR_MS;
    const slow = { startsAt, endsAt: startsAt + 10_000, admission: { perSecond: 2 }, perShopperLimit: 2 };
    const { body } = await call(seller, 'POST', '/check', dropForm(seller.sku, { ...slow, price: 1_001 }));
    expect(valueAt(body, 'problems')).toEqual([
      expect.objectContaining({
        ...{ field: 'admission.perSecond', code: 'CANNOT_SELL_IN_TIME' },
        message: 'At the most 40 of 100 units can be sold: 2 shoppers a second, 2 units each, 10 seconds.',
      }),
    ]);
    expect(findingsIn(listAt(body, 'warnings'))).toEqual([
      'holdSeconds HOLD_LONGER_THAN_DROP',
      'skus[0].price PRICE_ABOVE_LIST',
    ]);
    const other = await call(seller, 'POST', '/check', dropForm(seller.sku, { currency: 'EUR' }));
    expect(findingsIn(listAt(other.body, 'problems'))).toEqual(['currency CURRENCY_DIFFERS']);
  });

  it('meets another drop of the same item in the same time', async () => {
    const seller = await openSeller(store);
    const first = await scheduled(seller, { allocation: { eu: 10 } });
    const { body } = await call(seller, 'POST', '/check', dropForm(seller.sku, { allocation: { eu: 10 } }));
    expect(findingsIn(listAt(body, 'problems'))).toEqual(['skus[0].sku OVERLAPS']);
    expect(valueAt(body, 'problems', 0, 'message')).toContain(first);
    const later = { startsAt: Date.now() + 5 * HOUR_MS, endsAt: Date.now() + 6 * HOUR_MS, allocation: { eu: 10 } };
    expect(valueAt((await call(seller, 'POST', '/check', dropForm(seller.sku, later))).body, 'ok')).toBe(true);
  });
});
