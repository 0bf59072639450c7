import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import { findShipments } from '../../db/queries/shipments/find-shipments.ts';
import { noteCarrierEvents } from '../../db/queries/shipments/tracking.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { deliverOrder } from '../../test/fixtures/delivered-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { completeOrders, deliverTold } from './deliveries.ts';
import { startFulfilment } from './fulfilment.ts';

const database = useDatabase();
const clock = { now: Date.now };
const options = () => ({ database: database.pool, clock, nextId: createIdSource(clock) });
const DAY = 86_400_000;

async function goods() {
  const warehouses = [await openWarehouse(database.pool), await openWarehouse(database.pool)] as const;
  const [one, two] = warehouses;
  const stocked = await stockGoods(database.pool, { merchantId: newId(), shelves: { [one]: 50, [two]: 50 } });
  return { shopperId: newId(), lines: [{ ...stocked, from: { [one]: 1, [two]: 1 } }] };
}

const statusOf = async (id: string) =>
  (await database.pool.query('select status from orders where id = $1', [id])).rows[0]?.status;

async function shipped() {
  const id = await confirmOrder(database.pool, await goods());
  await database.pool.query(`update orders set status = 'PROCESSING' where id = $1`, [id]);
  await database.pool.query(`update orders set status = 'SHIPPED' where id = $1`, [id]);
  await database.pool.query(
    `update shipments set status = 'SHIPPED', carrier = 'house', service = 'standard', tracking_code = 'T' || id,
       shipped_at = now() - interval '1 day' where order_id = $1`,
    [id],
  );
  return { id, codes: (await findShipments(database.pool, [id])).map(({ trackingCode }) => trackingCode ?? '') };
}

const tell = (trackingCode: string, atMs: number, code = 'delivered') =>
  noteCarrierEvents(database.pool, 'house', [{ trackingCode, code, atMs, place: '' }]);

describe('what carriers tell', () => {
  it('delivers parcels, and their order with the last one, once, also by two workers at once', async () => {
    const { id, codes } = await shipped();
    const at = Date.now() - 1_000;
    await tell(codes[0] ?? '', at);
    await Promise.all([deliverTold(options()), deliverTold(options())]);
    expect(await statusOf(id)).toBe('SHIPPED');
    await tell(codes[1] ?? '', at + 500);
    await tell(codes[1] ?? '', at);
    await Promise.all([deliverTold(options()), deliverTold(options())]);
    expect(await deliverTold(options())).toBe(0);
    expect(await statusOf(id)).toBe('DELIVERED');
    const parcels = await findShipments(database.pool, [id]);
    expect(parcels.map(({ deliveredAtMs }) => deliveredAtMs)).toEqual([at, at]);
    const { rows } = await database.pool.query(`select 1 from outbox where topic = 'order.status' and key = $1`, [id]);
    expect(rows).toHaveLength(2);
    await tell(codes[0] ?? '', at - 5_000);
    expect(await deliverTold(options())).toBe(0);
  });

  it('never lets a parcel arrive before it left, or tomorrow', async () => {
    const { id, codes } = await shipped();
    await tell(codes[0] ?? '', 0);
    await tell(codes[1] ?? '', Date.now() + 200_000);
    await deliverTold(options());
    for (const { shippedAtMs, deliveredAtMs } of await findShipments(database.pool, [id])) {
      expect(deliveredAtMs).toBeGreaterThanOrEqual(Math.floor(shippedAtMs ?? Number.NaN));
      expect(deliveredAtMs).toBeLessThanOrEqual(Date.now());
    }
  });
});

describe('an order that arrived', () => {
  it('is completed when nobody can return it any more, and not before', async () => {
    const [old, young] = [
      await deliverOrder(database.pool, { ...(await goods()), daysAgo: 31 }),
      await deliverOrder(database.pool, { ...(await goods()), daysAgo: 29 }),
    ];
    const done = await Promise.all([completeOrders(options()), completeOrders(options())]);
    expect(Math.max(...done)).toBe(1);
    expect(await completeOrders(options())).toBe(0);
    expect([await statusOf(old), await statusOf(young)]).toEqual(['COMPLETED', 'DELIVERED']);
    const later = { now: () => Date.now() + 2 * DAY };
    expect(await completeOrders({ ...options(), clock: later })).toBeGreaterThan(0);
    expect(await statusOf(young)).toBe('COMPLETED');
  });

  it('is left alone while it is coming back, and holds up no other', async () => {
    const coming = await deliverOrder(database.pool, { ...(await goods()), daysAgo: 50 });
    await database.pool.query(`update orders set status = 'RETURN_REQUESTED' where id = $1`, [coming]);
    const other = await deliverOrder(database.pool, { ...(await goods()), daysAgo: 31 });
    expect(await completeOrders({ ...options(), limit: 1 })).toBe(1);
    expect([await statusOf(coming), await statusOf(other)]).toEqual(['RETURN_REQUESTED', 'COMPLETED']);
    await database.pool.query(`update orders set status = 'DELIVERED' where id = $1`, [coming]);
    expect(await completeOrders({ ...options(), limit: 1 })).toBe(1);
    expect(await statusOf(coming)).toBe('COMPLETED');
  });

  it('waits for the last of its parcels', async () => {
    const id = await deliverOrder(database.pool, { ...(await goods()), daysAgo: 40 });
    await database.pool.query(`update shipments set delivered_at = now() where order_id = $1 and number = 2`, [id]);
    await completeOrders(options());
    expect(await statusOf(id)).toBe('DELIVERED');
    expect(LIFETIMES.returnWindowMs).toBe(30 * DAY);
  });
});

describe('the worker', () => {
  it('goes on after a failure, batch by batch, until it is stopped', async () => {
    const { id, codes } = await shipped();
    for (const code of codes) await tell(code, Date.now());
    const failed: string[] = [];
    let fails = true;
    const broken = new Proxy(database.pool, {
      get: (pool, name, receiver) => {
        if (fails && name === 'query') {
          fails = false;
          return () => Promise.reject(new Error('the database is away'));
        }
        const value: unknown = Reflect.get(pool, name, receiver);
        return typeof value === 'function' ? value.bind(pool) : value;
      },
    });
    const worker = startFulfilment({
      ...{ ...options(), database: broken, limit: 1, log: silentLog, everyMs: 5 },
      metrics: { done: () => undefined, failed: (work) => failed.push(work) },
    });
    await eventually(async () => (await statusOf(id)) === 'DELIVERED', { withinMs: 10_000 });
    await worker.stop();
    expect(failed).toEqual(['delivered']);
  });
});
