import type { Pool } from 'pg';
import { createIdSource } from '../../contracts/ids.ts';

const newId = createIdSource({ now: Date.now });

/** The least that an order needs. */
export async function placeOrder(database: Pool, id: string = newId()): Promise<string> {
  await database.query(
    `insert into orders (id, source, shopper_id, currency, items_minor, total_minor, placed_at)
     values ($1, 'store', $2, 'USD', 100, 100, now())`,
    [id, newId()],
  );
  return id;
}
