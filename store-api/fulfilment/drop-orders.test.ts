import { describe, expect, it } from 'vitest';
import { insertDrop } from '../../db/queries/insert-drop.ts';
import { openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { liveDrop, newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const pool = () => store.database.pool;
type Somebody = { readonly token: string };
const post = (who: Somebody, path: string, body?: unknown) =>
  store.call('POST', `/api/v1${path}`, { token: who.token, body });

const home = { recipient: 'Ada', line1: '2 Lane', city: 'Graz', country: 'AT' };

/** A drop that drew these units from two warehouses, and orders of so many units that are paid. */
async function scene(orders: readonly number[], drawn: readonly [graz: number, lyon: number] = [2, 5]) {
  const [merchant, shopper] = [await store.person('merchant'), await store.person()];
  const [graz, lyon] = [await openWarehouse(pool(), 'AT'), await openWarehouse(pool(), 'FR')];
  const { sku } = await stockGoods(pool(), { merchantId: merchant.userId, shelves: { [graz]: 10, [lyon]: 10 } });
  const skus = [{ sku, title: 'Sneaker', price: 100, allocation: { eu: 7 } }];
  const drop = liveDrop(Date.now(), { skus, currency: 'EUR' });
  await insertDrop(pool(), { ...drop, merchantId: merchant.userId });
  for (const [warehouse, units] of [
    [graz, drawn[0]],
    [lyon, drawn[1]],
  ] as const) {
    await pool().query('insert into drop_stock (drop_id, sku, warehouse_id, units) values ($1, $2, $3, $4)', [
      ...[drop.id, sku, warehouse, units],
    ]);
    await pool().query('update inventory set reserved = $3 where sku = $1 and warehouse_id = $2', [
      sku,
      warehouse,
      units,
    ]);
  }
  const ids: string[] = [];
  for (const quantity of orders) {
    const id = newId();
    await pool().query(
      `insert into orders (id, source, drop_id, region, shopper_id, currency, items_minor, total_minor, placed_at)
       values ($1, 'drop', $2, 'eu', $3, 'EUR', $4, $4, now())`,
      [id, drop.id, shopper.userId, quantity * 100],
    );
    await pool().query(
      `insert into order_items (order_id, line, sku, title, quantity, unit_price_minor) values ($1, 1, $2, 'Sneaker', $3, 100)`,
      [id, sku, quantity],
    );
    await pool().query(`update orders set status = 'CONFIRMED' where id = $1`, [id]);
    ids.push(id);
  }
  return { merchant, shopper, graz, lyon, sku, ids, dropId: drop.id };
}

const shelves = async (sku: string) =>
  (
    await pool().query(
      `select i.on_hand, i.reserved, ds.packed, ds.shipped from inventory i join drop_stock ds using (sku, warehouse_id)
       where i.sku = $1 order by ds.units`,
      [sku],
    )
  ).rows;

describe('the order of a drop', () => {
  it('waits for an address, is packed from what the drop drew, and leaves its shelves', async () => {
    const { merchant, shopper, graz, lyon, sku, dropId, ids } = await scene([3]);
    const [id = ''] = ids;
    const list = await store.call('GET', '/api/v1/seller/orders', { token: merchant.token });
    expect(valueAt(list.body, 'items')).toMatchObject([{ id, source: 'drop', status: 'CONFIRMED', parcels: [] }]);
    const early = await post(merchant, `/seller/orders/${id}/process`);
    expect(early.body).toMatchObject({ code: 'ADDRESS_MISSING', detail: expect.stringContaining('/address') });
    const url = `/api/v1/orders/${id}/address`;
    expect((await store.call('PUT', url, { token: shopper.token, body: home })).status).toBe(200);
    const parcels = valueAt((await post(merchant, `/seller/orders/${id}/process`)).body, 'parcels');
    // Graz is nearer and has two: one parcel from Lyon rather than two.
    expect(parcels).toMatchObject([{ warehouseId: lyon, items: [{ sku, quantity: 3 }] }]);
    expect(await shelves(sku)).toEqual([
      { on_hand: 10, reserved: 2, packed: 0, shipped: 0 },
      { on_hand: 10, reserved: 5, packed: 3, shipped: 0 },
    ]);
    const shipped = await post(merchant, `/seller/shipments/${textAt(parcels, 0, 'id')}/ship`, {});
    expect(shipped.body).toMatchObject({ orderStatus: 'SHIPPED' });
    expect(await shelves(sku)).toEqual([
      { on_hand: 10, reserved: 2, packed: 0, shipped: 0 },
      { on_hand: 7, reserved: 2, packed: 3, shipped: 3 },
    ]);
    const { rows } = await pool().query(
      `select kind, quantity, reason, drop_id, actor_id, warehouse_id from inventory_movements where order_id = $1`,
      [id],
    );
    expect(rows).toEqual([
      { kind: 'out', quantity: -3, reason: 'sold', drop_id: dropId, actor_id: merchant.userId, warehouse_id: lyon },
    ]);
    expect(graz).not.toBe(lyon);
  });

  it('goes to the default address of its shopper, in two parcels where one warehouse has too little', async () => {
    const { merchant, shopper, ids, graz, lyon } = await scene([4], [2, 2]);
    await store.call('POST', '/api/v1/me/addresses', { token: shopper.token, body: home });
    const processed = await post(merchant, `/seller/orders/${ids[0]}/process`);
    expect(valueAt(processed.body, 'parcels')).toMatchObject([
      { number: 1, items: [{ quantity: 2 }] },
      { number: 2, items: [{ quantity: 2 }] },
    ]);
    const from = listAt(processed.body, 'parcels').map((parcel) => textAt(parcel, 'warehouseId'));
    expect(from.toSorted()).toEqual([graz, lyon].toSorted());
    const detail = await store.call('GET', `/api/v1/seller/orders/${ids[0]}`, { token: merchant.token });
    expect(valueAt(detail.body, 'address')).toMatchObject({ city: 'Graz', country: 'AT' });
    expect((await store.call('GET', `/api/v1/orders/${ids[0]}/tracking`, { token: shopper.token })).status).toBe(200);
  });

  it('is packed from units that no other order has, also when all are packed at the same instant', async () => {
    const { merchant, shopper, ids, sku } = await scene([1, 1, 1, 1, 1, 1, 1, 1]);
    await store.call('POST', '/api/v1/me/addresses', { token: shopper.token, body: home });
    const answers = await Promise.all(ids.map((id) => post(merchant, `/seller/orders/${id}/process`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(7).fill(200), 409]);
    const refused = answers.find(({ status }) => status === 409)?.body;
    expect(refused).toMatchObject({ code: 'STOCK_MISSING', detail: expect.stringContaining('1 needed, 0 there') });
    expect((await shelves(sku)).map(({ packed }) => packed)).toEqual([2, 5]);
  });

  it('is another merchant’s business only if it is theirs', async () => {
    const { ids } = await scene([1]);
    const stranger = await store.person('merchant');
    expect((await post(stranger, `/seller/orders/${ids[0]}/process`)).status).toBe(404);
    const { body } = await store.call('GET', '/api/v1/seller/orders', { token: stranger.token });
    expect(valueAt(body, 'items')).toEqual([]);
  });
});
