/** Locks that are no row of the stock, and what happens without one. */
import { type DatabaseClient, withTransaction } from '../../../platform/connections/postgres.ts';
import { type Attempt, argumentsOf, leftInInventory, RESERVATION, RESERVED, type Scheme } from './scheme.ts';

/** Reads, then writes what it thinks: right only for who is alone. */
async function readThenWrite(client: DatabaseClient, attempt: Attempt): Promise<boolean> {
  const { rows } = await client.query<{ free: number; reserved: number }>({
    name: 'read',
    text: 'select on_hand - reserved as free, reserved from inventory where sku = $1 and warehouse_id = $2',
    values: [attempt.goods.sku, attempt.goods.warehouseId],
  });
  const seen = rows[0];
  if (seen === undefined || seen.free < 1) return false;
  await client.query({
    name: 'write',
    text: `with written as (
        update inventory set reserved = $4, updated_at = now() where sku = $1 and warehouse_id = $2
      )
      ${RESERVATION} values (${RESERVED})`,
    values: [...argumentsOf(attempt), seen.reserved + 1],
  });
  return true;
}

export const ADVISORY: Scheme = {
  name: 'advisory lock of the sku',
  left: leftInInventory,
  open: () => ({
    reserve: (attempt) =>
      withTransaction(attempt.database, async (client) => {
        await client.query({
          name: 'lock',
          text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
          values: [attempt.goods.sku],
        });
        return await readThenWrite(client, attempt);
      }),
  }),
};

/** On purpose wrong: the audit has to notice. */
export const CHECK_THEN_WRITE: Scheme = {
  name: 'check, then write (wrong on purpose)',
  left: leftInInventory,
  open: () => ({
    reserve: (attempt) => withTransaction(attempt.database, (client) => readThenWrite(client, attempt)),
  }),
};

/** Nothing to share: what the server writes of such rows when nobody has to wait for anybody. */
export const BARE: Scheme = {
  name: 'bare: the row of a reservation, no stock',
  left: async () => 0,
  open: () => ({
    async reserve(attempt) {
      await attempt.database.query({
        name: 'bare',
        text: `${RESERVATION} values (${RESERVED})`,
        values: argumentsOf(attempt),
      });
      return true;
    },
  }),
};
