import { describe, expect, it } from 'vitest';
import type { StockRequest } from '../../db/queries/stock/reserve-stock.ts';
import { systemClock } from '../../platform/clock.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { createStockDesk } from './stock-desk.ts';

const database = useDatabase();

async function shelfOf(onHand: number) {
  const { sku } = await sell(database.pool, { onHand });
  const { rows } = await database.pool.query<{ warehouseId: string }>(
    'select warehouse_id as "warehouseId" from inventory where sku = $1',
    [sku],
  );
  return { sku, warehouseId: rows[0]?.warehouseId ?? '' };
}

function ask(shelf: { sku: string; warehouseId: string }, changes: Partial<StockRequest> = {}): StockRequest {
  const parts = [{ ...shelf, line: 1, quantity: 1 }];
  return { orderId: newId(), rank: 1, untilMs: Date.now() + 60_000, parts, ...changes };
}

describe('the desk of reservations', () => {
  it('gives the last 10 units to 10 of 200, over two processes', async () => {
    const shelf = await shelfOf(10);
    const desks = [1, 2].map(() => createStockDesk({ database: database.pool, clock: systemClock }));
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => desks[at % 2]?.reserve(ask(shelf))));
    expect(answers.filter(Boolean)).toHaveLength(10);
  });

  it('serves the others when one can never be served', async () => {
    const shelf = await shelfOf(10);
    const desk = createStockDesk({ database: database.pool, clock: systemClock });
    const again = ask(shelf);
    expect(await desk.reserve(again)).toBe(true);
    const wrong = ask(shelf, { parts: [{ ...shelf, line: 1, quantity: 0 }] });
    const answers = await Promise.allSettled([
      desk.reserve(ask(shelf)),
      desk.reserve(wrong),
      desk.reserve(again),
      desk.reserve(ask(shelf)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const { rows } = await database.pool.query('select reserved from inventory where sku = $1', [shelf.sku]);
    expect(rows[0]).toEqual({ reserved: 3 });
  });
});
