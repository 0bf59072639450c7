import { expect, it } from 'vitest';
import { decodeEvent } from '../contracts/events/codec.ts';
import { makeMerchant } from '../test/db/make-merchant.ts';
import { newId } from '../test/fixtures/drop.ts';
import { useDatabase } from '../test/servers/database.ts';

const database = useDatabase();

it('stock on shelves tells of each change itself, with its reason, and of nothing else', async () => {
  const { skus } = await makeMerchant(database.pool);
  const [sku] = skus;
  const warehouseId = newId();
  await database.pool.query(
    `insert into warehouses (id, code, name, country, latitude, longitude) values ($1, $2, 'Any', 'DE', 50, 8)`,
    [warehouseId, `w-${warehouseId}`],
  );
  await database.pool.query('insert into inventory (sku, warehouse_id, on_hand) values ($1, $2, 5)', [
    sku,
    warehouseId,
  ]);
  const change = async (set: string, reason?: string) => {
    const client = await database.pool.connect();
    try {
      await client.query('begin');
      if (reason !== undefined) await client.query(`select set_config('dropgate.reason', $1, true)`, [reason]);
      await client.query(`update inventory set ${set} where sku = $1`, [sku]);
      await client.query('commit');
    } finally {
      client.release();
    }
  };
  await change('on_hand = 4', 'sold');
  await change('reserved = 1');
  await change('updated_at = now()');
  const { rows } = await database.pool.query<{ key: string; payload: string }>(
    `select key, payload from outbox where topic = 'inventory.updated' and key = $1 order by position`,
    [sku],
  );
  const told = rows.map(({ payload }) => {
    const decoded = decodeEvent('inventory.updated', payload);
    return decoded.ok ? decoded.event.data : decoded.reason;
  });
  expect(told).toEqual([
    { sku, warehouseId, onHand: 4, reserved: 0, reason: 'sold' },
    { sku, warehouseId, onHand: 4, reserved: 1, reason: 'changed' },
  ]);
});
