import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { reserveStock } from '../../db/queries/stock/reserve-stock.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { openShop, productBody } from '../../test/fixtures/catalog.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { type Call, type Method, useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const place = () => ({ code: `w-${newId()}`, name: 'Barn', country: 'DE', latitude: 52.5, longitude: 13.4 });

async function shop() {
  const opened = await openShop(store);
  const { token } = opened;
  const call = (method: Method, path: string, body?: unknown, more: Call = {}) =>
    store.call(method, `/api/v1/seller/${path}`, { token, ...(body === undefined ? {} : { body }), ...more });
  const product = productBody(opened);
  const made = await store.call('POST', '/api/v1/products', { token, body: product });
  expect(made.status, made.text).toBe(201);
  const warehouse = async () => textAt((await call('POST', 'warehouses', place())).body, 'id');
  const [sku = '', other = ''] = product.variants.map((variant) => variant.sku);
  const [near, far] = [await warehouse(), await warehouse()];
  const move = (
    kind: string,
    quantity: number,
    changes: { sku?: string; warehouseId?: string } = {},
    more: Call = {},
  ) =>
    call(
      'POST',
      'inventory/movements',
      { kind, reason: 'test', items: [{ sku, warehouseId: near, quantity, ...changes }] },
      more,
    );
  const onHand = async (of = sku) => (await call('GET', `inventory/${of}`)).body;
  return { ...opened, call, move, onHand, sku, other, near, far, productId: textAt(made.body, 'id') };
}

const reserve = (sku: string, warehouseId: string, quantity: number) =>
  withTransaction(store.database.pool, (client) =>
    reserveStock(client, [
      { orderId: newId(), rank: 1, untilMs: Date.now() + 60_000, parts: [{ line: 1, sku, warehouseId, quantity }] },
    ]),
  );

describe('movements of stock', () => {
  it('come in, go out and are counted anew; the journal has each', async () => {
    const { move, onHand, call, sku, near } = await shop();
    const came = await move('in', 10);
    expect(came.status, came.text).toBe(201);
    expect(valueAt(came.body, 'shelves')).toEqual([{ sku, warehouseId: near, onHand: 10, reserved: 0, available: 10 }]);
    await move('out', 3);
    await move('adjust', -2);
    await move('adjust', 1);
    expect(await onHand()).toMatchObject({ onHand: 6, available: 6 });
    const journal = await call('GET', `inventory/movements?sku=${sku}`);
    expect(listAt(journal.body, 'items').map((one) => [textAt(one, 'kind'), numberAt(one, 'quantity')])).toEqual([
      ['adjust', 1],
      ['adjust', -2],
      ['out', -3],
      ['in', 10],
    ]);
    const outs = await call('GET', 'inventory/movements?kind=out&limit=1');
    expect(outs.body).toMatchObject({ items: [{ quantity: -3, reason: 'test', orderId: null }], nextCursor: null });
  });

  it('never go below what is promised, nor beyond what a shelf can hold', async () => {
    const { move, onHand, sku, near } = await shop();
    await move('in', 10);
    expect((await reserve(sku, near, 8)).size).toBe(1);
    const short = await move('out', 3);
    expect([short.status, valueAt(short.body, 'code')]).toEqual([409, 'STOCK_SHORT']);
    expect(valueAt(short.body, 'detail')).toContain('10 there, 8 of them promised');
    expect(valueAt((await move('adjust', -11)).body, 'code')).toBe('STOCK_SHORT');
    expect(valueAt((await move('in', LIMITS.unitsOnShelf)).body, 'code')).toBe('SHELF_FULL');
    expect((await move('in', 2 ** 40)).status).toBe(400);
    expect((await move('in', 0)).status).toBe(400);
    expect((await move('in', -1)).status).toBe(400);
    expect((await move('out', 2)).status).toBe(201);
    expect(await onHand()).toMatchObject({ onHand: 8, reserved: 8, available: 0 });
  });

  it('are all made or none, and once for a key', async () => {
    const { call, onHand, move, sku, other, near } = await shop();
    await move('in', 1);
    const items = [
      { sku: other, warehouseId: near, quantity: 5 },
      { sku, warehouseId: near, quantity: 2 },
    ];
    expect(valueAt((await call('POST', 'inventory/movements', { kind: 'out', reason: 'x', items })).body, 'code')).toBe(
      'STOCK_SHORT',
    );
    const headers = { 'idempotency-key': newId() };
    const body = { kind: 'in', reason: 'x', items };
    const [first, second] = [
      await call('POST', 'inventory/movements', body, { headers }),
      await call('POST', 'inventory/movements', body, { headers }),
    ];
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(await onHand(other)).toMatchObject({ onHand: 5 });
    expect(
      valueAt((await call('POST', 'inventory/movements', { ...body, reason: 'y' }, { headers })).body, 'code'),
    ).toBe('KEY_REUSED');
  });

  it('of many at the same instant add up', async () => {
    const { move, onHand } = await shop();
    await move('in', 20);
    const outs = await Promise.all(Array.from({ length: 30 }, () => move('out', 1)));
    expect(outs.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(await onHand()).toMatchObject({ onHand: 0 });
  });

  it('between two warehouses are one movement with two sides', async () => {
    const { move, call, onHand, sku, near, far } = await shop();
    await move('in', 10);
    const body = { fromWarehouseId: near, toWarehouseId: far, items: [{ sku, quantity: 4 }] };
    const moved = await call('POST', 'inventory/transfers', body);
    expect(moved.status, moved.text).toBe(201);
    const shelves = listAt(await onHand(), 'shelves').map(
      (one) => [textAt(one, 'warehouseId'), numberAt(one, 'onHand')] as const,
    );
    expect(new Map(shelves)).toEqual(
      new Map([
        [near, 6],
        [far, 4],
      ]),
    );
    const items = listAt((await call('GET', 'inventory/movements?kind=transfer')).body, 'items');
    expect(items.map((one) => [textAt(one, 'transferId'), numberAt(one, 'quantity')])).toEqual([
      [valueAt(moved.body, 'transferId'), 4],
      [valueAt(moved.body, 'transferId'), -4],
    ]);
    expect(
      valueAt((await call('POST', 'inventory/transfers', { ...body, items: [{ sku, quantity: 7 }] })).body, 'code'),
    ).toBe('STOCK_SHORT');
    expect((await call('POST', 'inventory/transfers', { ...body, toWarehouseId: near })).status).toBe(400);
  });

  it('of what is somebody else’s are answered like none', async () => {
    const [mine, theirs] = [await shop(), await shop()];
    expect((await mine.move('in', 1, { sku: theirs.sku })).status).toBe(404);
    expect((await mine.move('in', 1, { warehouseId: textAt(theirs.near) })).status).toBe(404);
    expect((await mine.call('GET', `inventory/${theirs.sku}`)).status).toBe(404);
    await theirs.move('in', 1);
    expect(valueAt((await mine.call('GET', `inventory/movements?sku=${theirs.sku}`)).body, 'items')).toEqual([]);
    const admin = await store.person('admin');
    const seen = await mine.call('GET', `inventory/${theirs.sku}`, undefined, { token: admin.token });
    expect(seen.body).toMatchObject({ onHand: 1 });
    await mine.move('in', 1, { sku: theirs.sku, warehouseId: textAt(theirs.near) }, { token: admin.token });
    const { rows } = await store.database.pool.query('select action from audit_log where actor_id = $1', [
      admin.userId,
    ]);
    expect(rows).toEqual([{ action: 'inventory.in' }]);
  });

  it('are not made by a token from before a suspension', async () => {
    const { merchantId, move } = await shop();
    await store.database.pool.query(`update users set role = 'shopper' where id = $1`, [merchantId]);
    expect((await move('in', 1)).status).toBe(403);
  });
});

describe('the list of stock', () => {
  it('is filtered and paged, and knows what is low', async () => {
    const { call, move, sku, other, near, far } = await shop();
    await move('in', 3);
    await move('in', 50, { sku: other, warehouseId: far });
    const skus = async (query: string) =>
      listAt((await call('GET', `inventory${query}`)).body, 'items').map((one) => textAt(one, 'sku'));
    const both = [sku, other].toSorted();
    expect(await skus('')).toEqual(both);
    expect(await skus(`?warehouse=${near}`)).toEqual([sku]);
    expect(await skus('?low=true')).toEqual([]);
    const set = await call('PUT', `variants/${sku}/low-stock`, { lowStockAt: 5 });
    expect(set.body, set.text).toEqual({ sku, lowStockAt: 5 });
    expect(await skus('?low=true')).toEqual([sku]);
    const page = await call('GET', 'inventory?limit=1');
    expect(page.body).toMatchObject({ items: [{ sku: both[0] }], nextCursor: both[0] });
    expect(await skus(`?cursor=${textAt(page.body, 'nextCursor')}`)).toEqual([both[1]]);
  });

  it('and what shoppers are shown are the same stock', async () => {
    const { move, productId, sku } = await shop();
    const isShown = async () => {
      const { body } = await store.call('GET', `/api/v1/products/${productId}`);
      return valueAt(
        listAt(body, 'variants').find((variant) => textAt(variant, 'sku') === sku),
        'inStock',
      );
    };
    await move('in', 1);
    expect(await isShown()).toBe(true);
  });

  it('and a search says that nothing is there of what lies in a closed warehouse only', async () => {
    const { call, move, near, productId } = await shop();
    await move('in', 1);
    const database = store.database.pool;
    const inStock = async () => {
      const { rows } = await database.query('select in_stock from search_rows(array[$1::uuid])', [productId]);
      return rows;
    };
    expect(await inStock()).toEqual([{ in_stock: true }]);
    await database.query('delete from search_changes where product_id = $1', [productId]);
    await call('PATCH', `warehouses/${near}`, { isActive: false });
    expect(await inStock()).toEqual([{ in_stock: false }]);
    const { rows } = await database.query('select product_id from search_changes where product_id = $1', [productId]);
    expect(rows).toEqual([{ product_id: productId }]);
    expect(valueAt((await store.call('GET', `/api/v1/products/${productId}`)).body, 'variants', 0, 'inStock')).toBe(
      false,
    );
  });
});

describe('warehouses', () => {
  it('are made, changed, closed and removed by their merchant; shared ones by an admin', async () => {
    const { call, move, near } = await shop();
    const admin = await store.person('admin');
    const shared = await call('POST', 'warehouses', place(), { token: admin.token });
    expect(shared.body).toMatchObject({ merchantId: null, isActive: true });
    expect((await call('GET', `warehouses/${textAt(shared.body, 'id')}`)).status).toBe(200);
    expect((await call('PATCH', `warehouses/${textAt(shared.body, 'id')}`, { name: 'Mine' })).status).toBe(404);
    expect((await move('in', 2, { warehouseId: textAt(shared.body, 'id') })).status).toBe(201);

    const named = await call('PATCH', `warehouses/${near}`, { name: 'Shed' });
    expect(named.body, named.text).toMatchObject({ name: 'Shed', country: 'DE' });
    expect(
      valueAt((await call('PATCH', `warehouses/${near}`, { code: valueAt(shared.body, 'code') })).body, 'code'),
    ).toBe('NAME_TAKEN');
    expect(
      valueAt((await call('POST', 'warehouses', { ...place(), code: valueAt(shared.body, 'code') })).body, 'code'),
    ).toBe('NAME_TAKEN');
    expect((await call('DELETE', `warehouses/${near}`)).status).toBe(204);
    expect((await call('GET', `warehouses/${near}`)).status).toBe(404);
  });

  it('that are closed promise nothing and take nothing, but what is there can leave', async () => {
    const { call, move, onHand, near, far, sku } = await shop();
    await move('in', 5);
    expect(valueAt((await call('DELETE', `warehouses/${near}`)).body, 'code')).toBe('IN_USE');
    await call('PATCH', `warehouses/${near}`, { isActive: false });
    expect(await onHand()).toMatchObject({ onHand: 5, available: 0 });
    expect((await reserve(sku, near, 1)).size).toBe(0);
    expect(valueAt((await move('in', 1)).body, 'code')).toBe('STEP_REFUSED');
    const body = { fromWarehouseId: near, toWarehouseId: far, items: [{ sku, quantity: 5 }] };
    expect((await call('POST', 'inventory/transfers', body)).status).toBe(201);
    expect(await onHand()).toMatchObject({ onHand: 5, available: 5 });
  });
});
