/**
 * Who asks while a transaction is under way is served together in the next one: one lock and one write to the disk for
 * all of them. The two statements are those of db/queries/stock, which the bench may not import.
 */
import { systemClock } from '../../../platform/clock.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import { createBatcher } from '../../../reservation-core/batcher.ts';
import { type Attempt, leftInInventory, RESERVATION, type Scheme } from './scheme.ts';

const LOCK = `
  select i.on_hand - i.reserved as free
  from (select set_config('dropgate.reason', 'reserved', true)) as reason,
    inventory i join warehouses w on w.id = i.warehouse_id
  where (i.sku, i.warehouse_id) in (select * from unnest($1::text[], $2::uuid[]))
  order by i.sku, i.warehouse_id for no key update of i`;
const WRITE = `
  with parts as materialized (
    select * from unnest($1::uuid[], $2::text[], $3::uuid[]) as part (order_id, sku, warehouse_id)
  ), shelves as (
    update inventory i set reserved = i.reserved + asked.units, updated_at = now()
    from (select sku, warehouse_id, count(*)::integer as units from parts group by sku, warehouse_id) as asked
    where i.sku = asked.sku and i.warehouse_id = asked.warehouse_id
  )
  ${RESERVATION} select order_id, sku, warehouse_id, 1, now() + interval '15 minutes' from parts`;

async function reserveAll(attempts: readonly Attempt[]): Promise<boolean[]> {
  const first = attempts[0];
  if (first === undefined) return [];
  return await withTransaction(first.database, async (client) => {
    const { sku, warehouseId } = first.goods;
    const { rows } = await client.query<{ free: number }>({
      name: 'lock-shelf',
      text: LOCK,
      values: [[sku], [warehouseId]],
    });
    const served = attempts.slice(0, rows[0]?.free ?? 0);
    if (served.length > 0) {
      const columns = [
        served.map(({ orderId }) => orderId),
        served.map(({ goods }) => goods.sku),
        served.map(({ goods }) => goods.warehouseId),
      ];
      await client.query({ name: 'write-batch', text: WRITE, values: columns });
    }
    return attempts.map((_attempt, at) => at < served.length);
  });
}

type Outcome = { readonly isServed: boolean } | { readonly error: unknown };

/** A failure ends the bench: it is not to be hidden by another try. */
async function outcomesOf(attempts: readonly Attempt[]): Promise<Outcome[]> {
  try {
    return (await reserveAll(attempts)).map((isServed) => ({ isServed }));
  } catch (error) {
    return attempts.map(() => ({ error }));
  }
}

const MAX_BATCH = 64;
const MAX_QUEUE = 4_096;
const DEADLINE_MS = 10_000;

/** `desks` stand for as many processes of the store: they wait for one another at the row. */
export function batched(desks: number, maxBatch = MAX_BATCH): Scheme {
  const waits = desks === 1 ? '' : `, ${desks} processes`;
  return {
    name: maxBatch === 1 ? 'ours, one at a time' : `in batches of up to ${maxBatch}${waits}`,
    left: leftInInventory,
    open() {
      const all = Array.from({ length: desks }, () =>
        createBatcher<Attempt, Outcome>({
          ...{ maxBatch, maxQueue: MAX_QUEUE, maxInFlight: maxBatch === 1 ? MAX_QUEUE : 1 },
          ...{ deadlineMs: DEADLINE_MS, retryAfterMs: DEADLINE_MS, clock: systemClock },
          call: outcomesOf,
          onFailedCall: () => undefined,
        }),
      );
      let turn = 0;
      return {
        async reserve(attempt) {
          turn += 1;
          const answer = await all[turn % desks]?.submit(attempt);
          if (answer === undefined || !answer.ok) throw new Error('The queue of the batches was full.');
          if ('error' in answer.reply) throw answer.reply.error;
          return answer.reply.isServed;
        },
      };
    },
  };
}
