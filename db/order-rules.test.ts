import { describe, expect, it } from 'vitest';
import { createIdSource } from '../contracts/ids.ts';
import { placeOrder } from '../test/db/place-order.ts';
import { useDatabase } from '../test/servers/database.ts';

const database = useDatabase();
const newId = createIdSource({ now: Date.now });

describe('an order', () => {
  const step = (id: string, to: string) =>
    database.pool.query('update orders set status = $2 where id = $1 returning status, step', [id, to]);

  it('makes lawful steps, and each is counted', async () => {
    const id = await placeOrder(database.pool);
    for (const to of ['REVIEW', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED']) await step(id, to);
    const { rows } = await database.pool.query('select status, step from orders where id = $1', [id]);
    expect(rows).toEqual([{ status: 'COMPLETED', step: 6 }]);
  });

  it('is refused an unlawful step, whoever asks, and stays where it was', async () => {
    const id = await placeOrder(database.pool);
    await expect(step(id, 'SHIPPED')).rejects.toMatchObject({
      code: 'ODS01',
      message: 'an order may not step from PENDING to SHIPPED',
      detail: `Order ${id}.`,
    });
    await step(id, 'CANCELLED');
    await expect(step(id, 'CONFIRMED')).rejects.toMatchObject({ code: 'ODS01' });
    const { rows } = await database.pool.query('select status, step from orders where id = $1', [id]);
    expect(rows).toEqual([{ status: 'CANCELLED', step: 1 }]);
  });

  it('makes no step by being written again as it is', async () => {
    const id = await placeOrder(database.pool);
    expect((await step(id, 'PENDING')).rows).toEqual([{ status: 'PENDING', step: 0 }]);
  });

  it('cannot be born further on than PENDING', async () => {
    await expect(
      database.pool.query(
        `insert into orders (id, source, status, shopper_id, currency, items_minor, total_minor, placed_at)
         values ($1, 'store', 'CONFIRMED', $1, 'USD', 1, 1, now())`,
        [newId()],
      ),
    ).rejects.toMatchObject({ code: 'ODS02' });
  });

  it('has a total that adds up, and a drop and a region only together with that source', async () => {
    const id = await placeOrder(database.pool);
    const change = (what: string) => database.pool.query(`update orders set ${what} where id = $1`, [id]);
    await expect(change('total_minor = 99')).rejects.toThrow('total_adds_up');
    await expect(change('discount_minor = 101, total_minor = -1')).rejects.toThrow('money_minor_check');
    await expect(change(`source = 'drop'`)).rejects.toThrow('source_fits');
    await expect(change(`region = 'eu'`)).rejects.toThrow('source_fits');
  });
});
