import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { placeOrder } from '../../test/db/place-order.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { findOrder } from './find-order.ts';
import { type OrderStep, stepOrders } from './step-orders.ts';

const database = useDatabase();

function step(orderId: string, from: OrderState, to: OrderState): OrderStep {
  return { orderId, from, to, reason: `${from} to ${to}`, actor: 'test', atMs: 1_790_000_000_123, event: '{"a":1}' };
}
const make = (steps: readonly OrderStep[]) => withTransaction(database.pool, (client) => stepOrders(client, steps));

async function eventsOf(orderId: string): Promise<number> {
  const { rowCount } = await database.pool.query(`select from outbox where topic = 'order.status' and key = $1`, [
    orderId,
  ]);
  return rowCount ?? 0;
}

describe('stepOrders', () => {
  it('moves each order that is where its step begins, with history and event, and leaves the others', async () => {
    const [here, elsewhere, unknown] = [
      await placeOrder(database.pool),
      await placeOrder(database.pool),
      createIdSource({ now: Date.now })(),
    ];
    await make([step(elsewhere, 'PENDING', 'CANCELLED')]);
    const made = await make([here, elsewhere, unknown].map((id) => step(id, 'PENDING', 'CONFIRMED')));
    expect(made).toEqual(new Set([here]));
    const order = await findOrder(database.pool, here);
    expect(order?.status).toBe('CONFIRMED');
    expect(order?.history).toEqual([
      { status: 'CONFIRMED', reason: 'PENDING to CONFIRMED', actor: 'test', atMs: 1_790_000_000_123 },
    ]);
    expect([await eventsOf(here), await eventsOf(elsewhere), await eventsOf(unknown)]).toEqual([1, 1, 0]);
  });

  it('lets one of two win that end the same orders at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, () => placeOrder(database.pool)));
    const paid = ids.map((id) => step(id, 'PENDING', 'CONFIRMED'));
    const expired = ids.toReversed().map((id) => step(id, 'PENDING', 'CANCELLED'));
    const [confirmed, cancelled] = await Promise.all([make(paid), make(expired)]);
    expect(confirmed.size + cancelled.size).toBe(ids.length);
    for (const id of ids) {
      expect(await eventsOf(id)).toBe(1);
      expect((await findOrder(database.pool, id))?.status).toBe(confirmed.has(id) ? 'CONFIRMED' : 'CANCELLED');
    }
  });

  it('counts the steps in the history', async () => {
    const id = await placeOrder(database.pool);
    const path: OrderState[] = ['PENDING', 'REVIEW', 'CONFIRMED', 'PROCESSING', 'SHIPPED'];
    for (const [index, to] of path.entries()) {
      const from = path[index - 1];
      if (from !== undefined) await make([step(id, from, to)]);
    }
    const { rows } = await database.pool.query(
      'select step, status from order_status_history where order_id = $1 order by step',
      [id],
    );
    expect(rows).toEqual(path.slice(1).map((status, index) => ({ step: index + 1, status })));
  });

  it('is refused as a whole when a step is none', async () => {
    const [one, other] = [await placeOrder(database.pool), await placeOrder(database.pool)];
    const steps = [step(one, 'PENDING', 'CONFIRMED'), step(other, 'PENDING', 'SHIPPED')];
    await expect(make(steps)).rejects.toMatchObject({ code: 'ODS01' });
    expect((await findOrder(database.pool, one))?.status).toBe('PENDING');
  });

  it('takes no order twice in one batch, and an empty batch', async () => {
    const id = await placeOrder(database.pool);
    const twice = [step(id, 'PENDING', 'REVIEW'), step(id, 'REVIEW', 'CONFIRMED')];
    await expect(make(twice)).rejects.toThrow(RangeError);
    expect(await make([])).toEqual(new Set());
  });
});
