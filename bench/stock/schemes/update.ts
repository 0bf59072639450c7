/** The plain way: an update that takes a unit only where there is one, alone or among the other steps of a checkout. */
import { type DatabaseClient, withTransaction } from '../../../platform/connections/postgres.ts';
import { type Attempt, argumentsOf, leftInInventory, RESERVATION, RESERVED, type Scheme } from './scheme.ts';

const TAKE = `
  with taken as (
    update inventory set reserved = reserved + 1, updated_at = now()
    where sku = $1 and warehouse_id = $2 and on_hand - reserved >= 1 returning 1
  )
  ${RESERVATION} select ${RESERVED} from taken`;

async function take(client: DatabaseClient, attempt: Attempt): Promise<boolean> {
  const { rowCount } = await client.query({ name: 'take', text: TAKE, values: argumentsOf(attempt) });
  return rowCount === 1;
}

/** What else a checkout writes: itself, and an event. */
async function writeCheckout(client: DatabaseClient, { orderId }: Attempt): Promise<void> {
  await client.query({
    name: 'checkout-row',
    text: `insert into checkouts (id, shopper_id, is_guest, currency, body, expires_at)
      values ($1, $1, false, 'EUR', '{"lines": []}', now() + interval '15 minutes')`,
    values: [orderId],
  });
  await client.query({
    name: 'checkout-event',
    text: `insert into outbox (topic, key, payload) values ('analytics.event', $1::text, '{"type": "checkout"}')`,
    values: [orderId],
  });
}

export const UPDATE: Scheme = {
  name: 'conditional update',
  left: leftInInventory,
  open: () => ({
    async reserve(attempt) {
      const { rowCount } = await attempt.database.query({ name: 'take', text: TAKE, values: argumentsOf(attempt) });
      return rowCount === 1;
    },
  }),
};

export const UPDATE_FIRST: Scheme = {
  name: 'update, then the rest of a checkout',
  left: leftInInventory,
  open: () => ({
    reserve: (attempt) =>
      withTransaction(attempt.database, async (client) => {
        const isTaken = await take(client, attempt);
        if (isTaken) await writeCheckout(client, attempt);
        return isTaken;
      }),
  }),
};

export const UPDATE_LAST: Scheme = {
  name: 'the rest of a checkout, then update',
  left: leftInInventory,
  open: () => ({
    reserve: (attempt) =>
      withTransaction(attempt.database, async (client) => {
        await client.query('savepoint before');
        await writeCheckout(client, attempt);
        const isTaken = await take(client, attempt);
        if (!isTaken) await client.query('rollback to savepoint before');
        return isTaken;
      }),
  }),
};
