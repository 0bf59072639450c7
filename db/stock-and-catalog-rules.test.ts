import { beforeAll, describe, expect, it } from 'vitest';
import { createIdSource } from '../contracts/ids.ts';
import { makeMerchant } from '../test/db/make-merchant.ts';
import { useDatabase } from '../test/servers/database.ts';

const database = useDatabase();
const newId = createIdSource({ now: Date.now });

describe('a journal', () => {
  const [movement, audit] = [newId(), newId()];

  beforeAll(async () => {
    const warehouse = newId();
    const { skus } = await makeMerchant(database.pool);
    const run = (sql: string, ...values: string[]) => database.pool.query(sql, values);
    await run(
      `insert into warehouses (id, code, name, country, latitude, longitude) values ($1, 'w', 'W', 'US', 1, 1)`,
      warehouse,
    );
    await run(`insert into inventory (sku, warehouse_id) values ($1, $2)`, skus[0], warehouse);
    await run(
      `insert into inventory_movements (id, sku, warehouse_id, kind, quantity, reason) values ($1, $2, $3, 'in', 5, 'bought')`,
      movement,
      skus[0],
      warehouse,
    );
    await run(`insert into audit_log (id, action, subject_kind, subject_id) values ($1, 'look', 'order', '1')`, audit);
  });

  it.each([
    ['update inventory_movements set quantity = 6'],
    ['delete from inventory_movements'],
    ['truncate inventory_movements'],
    ['update audit_log set actor_id = null'],
    ['delete from audit_log'],
    ['truncate audit_log'],
  ])('refuses: %s', async (sql) => {
    await expect(database.pool.query(sql)).rejects.toMatchObject({ code: 'ODJ01' });
  });

  it('of the stock keeps to what is there', async () => {
    await expect(database.pool.query('update inventory set reserved = 1')).rejects.toThrow('reserved_is_on_hand');
    await expect(database.pool.query('update inventory set on_hand = -1')).rejects.toThrow('inventory_on_hand_check');
  });
});

describe('the categories', () => {
  it('stay a tree', async () => {
    const [a, b, c] = [newId(), newId(), newId()];
    const place = (id: string, parent: string | null) =>
      database.pool.query(
        `insert into categories (id, slug, name, parent_id) values ($1, $2, 'Any', $3)
         on conflict (id) do update set parent_id = excluded.parent_id`,
        [id, id, parent],
      );
    await place(a, null);
    await place(b, a);
    await place(c, b);
    await expect(place(a, c)).rejects.toMatchObject({ code: 'ODC01' });
    await expect(place(a, a)).rejects.toMatchObject({ code: 'ODC01' });
    await place(c, a);
  });
});
