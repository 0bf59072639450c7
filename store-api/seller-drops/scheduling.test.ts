import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { findingsIn, openSeller, sellerDropCalls, shelvesOf } from '../../test/fixtures/seller-drops.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const { call, draft, scheduled } = sellerDropCalls(store);
const HOUR_MS = 3_600_000;

describe('scheduling', () => {
  it('draws the units from the fullest shelf first, once for a key, and writes it down', async () => {
    const seller = await openSeller(store);
    const id = await draft(seller);
    const dry = await call(seller, 'POST', `/${id}/schedule?dryRun=true`);
    expect(dry.body).toMatchObject({ ok: true, draws: [{ units: 70 }, { units: 30, warehouse: 'Second' }] });
    expect((await call(seller, 'GET', `/${id}`)).body).toMatchObject({ state: 'draft', stock: [] });
    const key = { 'idempotency-key': newId() };
    const answers = await Promise.all([1, 2, 3].map(() => call(seller, 'POST', `/${id}/schedule`, undefined, key)));
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(done[0]?.body).toMatchObject({
      ...{ state: 'scheduled', revision: 2, phase: 'before' },
      publication: { isPublished: false, publishedRevision: 0, waitingRegions: [], trouble: null },
      stock: [
        { units: 70, shipped: 0, returned: 0 },
        { units: 30, warehouse: 'Second' },
      ],
    });
    expect(await shelvesOf(store.database.pool, seller.sku)).toEqual({
      [seller.warehouses[0]]: { onHand: 70, reserved: 70 },
      [seller.warehouses[1]]: { onHand: 50, reserved: 30 },
    });
    expect((await call(seller, 'POST', `/${id}/schedule`)).body).toMatchObject({ code: 'DROP_STATE', status: 409 });
    const { rows } = await store.database.pool.query('select action from audit_log where subject_id = $1 order by id', [
      id,
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['drop.create', 'drop.schedule']);
    expect((await store.call('GET', `/api/v1/drops/${id}`)).body).toMatchObject({ state: 'scheduled', revision: 2 });
  });

  it('commits a lottery to a seed before anybody sees it', async () => {
    const seller = await openSeller(store);
    const id = await scheduled(seller, { mode: 'lottery' });
    const { body } = await store.call('GET', `/api/v1/drops/${id}/fairness`);
    expect(body).toMatchObject({ state: 'committed', seed: null, commit: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { rows } = await store.database.pool.query(
      'select octet_length(seed) as bytes from draw_seeds where drop_id = $1',
      [id],
    );
    expect(rows).toEqual([{ bytes: 32 }]);
  });

  it('promises no unit twice, of 50 drops at the same instant', async () => {
    const seller = await openSeller(store);
    const nowMs = Date.now();
    // Each in an hour of its own, so that only the units are what they want of one another.
    const ids = await Promise.all(
      Array.from({ length: 50 }, (_, at) => {
        const startsAt = nowMs + (at + 1) * HOUR_MS;
        const times = { lobbyOpensAt: startsAt, startsAt, endsAt: startsAt + HOUR_MS };
        return draft(seller, { ...times, allocation: { eu: 7, asia: 4 } });
      }),
    );
    const answers = await Promise.all(ids.map((id) => call(seller, 'POST', `/${id}/schedule`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 422]));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const shelves = Object.values(await shelvesOf(store.database.pool, seller.sku));
    expect(shelves.reduce((sum, { reserved }) => sum + reserved, 0)).toBe(110);
    const { rows } = await store.database.pool.query('select sum(units)::int as units from drop_stock where sku = $1', [
      seller.sku,
    ]);
    expect(rows[0].units).toBe(110);
  });

  it('lets one of 20 drops of the same time through', async () => {
    const seller = await openSeller(store);
    const ids = await Promise.all(Array.from({ length: 20 }, () => draft(seller, { allocation: { eu: 1 } })));
    const answers = await Promise.all(ids.map((id) => call(seller, 'POST', `/${id}/schedule`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(19);
  });

  it('is not for somebody whose role was taken away a moment ago, nor does it see items of others', async () => {
    const seller = await openSeller(store);
    const id = await draft(seller);
    await store.database.pool.query(`update users set role = 'shopper' where id = $1`, [seller.merchantId]);
    expect((await call(seller, 'POST', `/${id}/schedule`)).status).toBe(403);
    const other = await sell(store.database.pool);
    await store.database.pool.query(`update users set role = 'merchant' where id = $1`, [seller.merchantId]);
    const patched = await call(seller, 'PATCH', `/${id}`, { sku: other.sku, allocation: { eu: 1 } });
    expect(findingsIn(listAt(patched.body, 'problems'))).toContain('skus[0].sku UNKNOWN_SKU');
  });
});

describe('a scheduled drop', () => {
  it('takes changes that treat nobody worse, and says why it takes no others', async () => {
    const seller = await openSeller(store);
    const id = await scheduled(seller);
    const { body: before } = await call(seller, 'GET', `/${id}`);
    const safe = {
      title: 'Later',
      endsAt: numberAt(before, 'endsAt') + HOUR_MS,
      startsAt: numberAt(before, 'startsAt') + 1_000,
      challenge: 'off',
    };
    const changed = await call(seller, 'PATCH', `/${id}`, { ...safe, admission: { perSecond: 5 } });
    expect(changed.status, changed.text).toBe(200);
    expect(changed.body).toMatchObject({ ...safe, revision: 3, admission: { perSecond: 5, maxActive: 60_000 } });
    const refused = await call(seller, 'PATCH', `/${id}`, {
      price: 1,
      perShopperLimit: 9,
      endsAt: valueAt(before, 'endsAt'),
      lobbyOpensAt: numberAt(before, 'lobbyOpensAt') - 1,
    });
    expect(refused.status).toBe(409);
    expect(valueAt(refused.body, 'code')).toBe('DROP_FIXED');
    expect(findingsIn(listAt(refused.body, 'problems'))).toEqual([
      'endsAt NOT_EARLIER',
      'lobbyOpensAt NOT_EARLIER',
      'perShopperLimit FIXED',
      'price FIXED',
    ]);
    expect(valueAt((await call(seller, 'DELETE', `/${id}`)).body, 'code')).toBe('DROP_STATE');
  });

  it('keeps its start once the lobby is open, and does not grow into the next drop', async () => {
    const seller = await openSeller(store);
    const startsAt = Date.now() + HOUR_MS;
    const id = await scheduled(seller, { startsAt, lobbyOpensAt: Date.now() - 1_000, allocation: { eu: 1 } });
    const next = {
      startsAt: startsAt + 2 * HOUR_MS,
      endsAt: startsAt + 3 * HOUR_MS,
      lobbyOpensAt: startsAt + 2 * HOUR_MS,
    };
    await scheduled(seller, { ...next, allocation: { eu: 1 } });
    const moved = await call(seller, 'PATCH', `/${id}`, { startsAt: startsAt + 1_000 });
    expect(findingsIn(listAt(moved.body, 'problems'))).toEqual(['startsAt LOBBY_OPEN']);
    const longer = await call(seller, 'PATCH', `/${id}`, { endsAt: startsAt + 3 * HOUR_MS });
    expect(findingsIn(listAt(longer.body, 'problems'))).toEqual(['skus[0].sku OVERLAPS']);
  });

  it('is paused, goes on, and ends, each only where it applies', async () => {
    const seller = await openSeller(store);
    const id = await scheduled(seller);
    const step = async (name: string) => {
      const { status, body } = await call(seller, 'POST', `/${id}/${name}`);
      return [
        status,
        status === 200 ? `${textAt(body, 'state')} ${numberAt(body, 'revision')}` : valueAt(body, 'code'),
      ];
    };
    expect(await step('resume')).toEqual([409, 'DROP_STATE']);
    expect(await step('pause')).toEqual([200, 'paused 3']);
    expect(await step('pause')).toEqual([409, 'DROP_STATE']);
    expect(await step('resume')).toEqual([200, 'scheduled 4']);
    expect(await step('end')).toEqual([200, 'ended 5']);
    expect(await step('resume')).toEqual([409, 'DROP_STATE']);
    expect(valueAt((await call(seller, 'PATCH', `/${id}`, { title: 'Too late' })).body, 'code')).toBe('DROP_STATE');
  });
});
