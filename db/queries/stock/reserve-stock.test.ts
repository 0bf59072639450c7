import { describe, expect, it } from 'vitest';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import { newId } from '../../../test/fixtures/drop.ts';
import { sell } from '../../../test/fixtures/goods.ts';
import { useDatabase } from '../../../test/servers/database.ts';
import { endReservations, type ReservationEnd } from './end-reservations.ts';
import type { Shelf } from './lock-stock.ts';
import { reserveStock, type StockRequest } from './reserve-stock.ts';
import { restock } from './restock.ts';

const database = useDatabase();
const untilMs = Date.now() + 60_000;

async function stocked(onHand: number): Promise<Shelf> {
  const { sku } = await sell(database.pool, { onHand });
  const { rows } = await database.pool.query<Shelf>(
    'select sku, warehouse_id as "warehouseId" from inventory where sku = $1',
    [sku],
  );
  const shelf = rows[0];
  if (shelf === undefined) throw new Error('nothing was stocked');
  return shelf;
}

const asks = (parts: readonly [Shelf, number][], rank = 1): StockRequest => ({
  ...{ orderId: newId(), rank, untilMs },
  parts: parts.map(([shelf, quantity], index) => ({ ...shelf, line: index + 1, quantity })),
});

const reserve = (...requests: StockRequest[]) =>
  withTransaction(database.pool, (client) => reserveStock(client, requests));
const end = (how: ReservationEnd, ...orderIds: string[]) =>
  withTransaction(database.pool, (client) => endReservations(client, orderIds, how));

async function figures({ sku, warehouseId }: Shelf) {
  const { rows } = await database.pool.query<{ onHand: number; reserved: number; moved: number }>(
    `select on_hand as "onHand", reserved,
       (select coalesce(sum(quantity), 0)::integer from inventory_movements m where (m.sku, m.warehouse_id) = ($1, $2)) as moved
     from inventory where sku = $1 and warehouse_id = $2`,
    [sku, warehouseId],
  );
  return rows[0];
}

describe('reserving stock', () => {
  it('gives the last 10 units to 10 of 200 at the same instant', async () => {
    const shelf = await stocked(10);
    const requests = Array.from({ length: 200 }, () => asks([[shelf, 1]]));
    const served = await Promise.all(requests.map((request) => reserve(request)));
    expect(served.filter(({ size }) => size === 1)).toHaveLength(10);
    expect(await figures(shelf)).toEqual({ onHand: 10, reserved: 10, moved: 0 });
  });

  it('gives all parts or none', async () => {
    const [plenty, scarce] = [await stocked(10), await stocked(1)];
    const [fits, lacks] = [
      asks([[plenty, 2]]),
      asks([
        [plenty, 2],
        [scarce, 2],
      ]),
    ];
    expect([...(await reserve(lacks, fits))]).toEqual([fits.orderId]);
    expect(await figures(plenty)).toMatchObject({ reserved: 2 });
    expect(await figures(scarce)).toMatchObject({ reserved: 0 });
  });

  it('adds up what one order wants of a shelf in two lines', async () => {
    const shelf = await stocked(3);
    expect(
      await reserve(
        asks([
          [shelf, 2],
          [shelf, 2],
        ]),
      ),
    ).toEqual(new Set());
  });

  it('serves the lower rank first, then who came first, and who still fits', async () => {
    const shelf = await stocked(5);
    const [late, big, first, small] = [
      asks([[shelf, 3]], 2),
      asks([[shelf, 4]], 1),
      asks([[shelf, 3]], 0),
      asks([[shelf, 2]], 2),
    ];
    expect(await reserve(late, big, first, small)).toEqual(new Set([first.orderId, small.orderId]));
  });

  it('promises nothing of what is not there, nor of a warehouse that is closed', async () => {
    const shelf = await stocked(5);
    expect(await reserve(asks([[{ ...shelf, warehouseId: newId() }, 1]]))).toEqual(new Set());
    await database.pool.query('update warehouses set is_active = false where id = $1', [shelf.warehouseId]);
    expect(await reserve(asks([[shelf, 1]]))).toEqual(new Set());
    expect(await reserve()).toEqual(new Set());
    expect(await reserve(asks([]))).toEqual(new Set());
  });

  it('does not deadlock on shelves asked for in different orders', async () => {
    const shelves = await Promise.all([1, 2, 3].map(() => stocked(1_000)));
    const requests = Array.from({ length: 60 }, (_, index) =>
      asks((index % 2 === 0 ? shelves : shelves.toReversed()).map((shelf) => [shelf, 1])),
    );
    const served = await Promise.all(requests.map((request) => reserve(request)));
    expect(served.every(({ size }) => size === 1)).toBe(true);
    const ended = await Promise.all(requests.map(({ orderId }) => end('SOLD', orderId)));
    expect(ended.every(({ size }) => size === 1)).toBe(true);
    for (const shelf of shelves) expect(await figures(shelf)).toEqual({ onHand: 940, reserved: 0, moved: -60 });
  });
});

describe('the end of a reservation', () => {
  it('takes what was sold off the shelf, once', async () => {
    const shelf = await stocked(5);
    const request = asks([
      [shelf, 2],
      [shelf, 1],
    ]);
    await reserve(request);
    expect(await end('SOLD', request.orderId)).toEqual(new Set([request.orderId]));
    expect(await figures(shelf)).toEqual({ onHand: 2, reserved: 0, moved: -3 });
    expect(await end('SOLD', request.orderId)).toEqual(new Set());
    expect(await end('RELEASED', request.orderId, newId())).toEqual(new Set());
    expect(await figures(shelf)).toEqual({ onHand: 2, reserved: 0, moved: -3 });
  });

  it('is one of the two when a payment and the time-out come at once', async () => {
    const shelf = await stocked(50);
    const requests = Array.from({ length: 50 }, () => asks([[shelf, 1]]));
    await reserve(...requests);
    const ends = await Promise.all(requests.flatMap(({ orderId }) => [end('SOLD', orderId), end('RELEASED', orderId)]));
    expect(ends.filter(({ size }) => size === 1)).toHaveLength(50);
    const sold = ends.filter(({ size }, index) => size === 1 && index % 2 === 0).length;
    expect(await figures(shelf)).toEqual({ onHand: 50 - sold, reserved: 0, moved: sold === 0 ? 0 : -sold });
  });

  it('gives back what was released, and nothing of an order that is sold', async () => {
    const shelf = await stocked(5);
    const [kept, given] = [asks([[shelf, 2]]), asks([[shelf, 3]])];
    await reserve(kept, given);
    await end('SOLD', kept.orderId);
    expect(await end('RELEASED', kept.orderId, given.orderId)).toEqual(new Set([given.orderId]));
    expect(await figures(shelf)).toEqual({ onHand: 3, reserved: 0, moved: -2 });
  });
});

describe('what comes back', () => {
  it('lies on its shelf again, on a new one too', async () => {
    const shelf = await stocked(1);
    const other = { ...shelf, warehouseId: (await stocked(0)).warehouseId };
    const back = { quantity: 2, reason: 'returned', orderId: newId(), actorId: null };
    await withTransaction(database.pool, (client) =>
      restock(client, [
        { ...shelf, ...back },
        { ...other, ...back },
      ]),
    );
    expect(await figures(shelf)).toEqual({ onHand: 3, reserved: 0, moved: 2 });
    expect(await figures(other)).toEqual({ onHand: 2, reserved: 0, moved: 2 });
  });
});
