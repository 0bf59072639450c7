import type { ClientBase } from 'pg';
import type { OrderState } from '../../contracts/orders/states.ts';

/** One step of one order. The database refuses one that commerce/orders/states.ts does not allow. */
export interface OrderStep {
  readonly orderId: string;
  readonly from: OrderState;
  readonly to: OrderState;
  readonly reason: string;
  /** Who does it: the name of a worker, or a role and an id. */
  readonly actor: string;
  readonly atMs: number;
  /** The encoded `order.status` event, sent only if the step is made. */
  readonly event: string;
}

/*
 * The step, its row of history and its event are one statement: none of them is ever without the others.
 * The bounds ($8, $9) say which months can be meant, so that no plan ever reads the others.
 */
const STEP = `
  with steps as materialized (
    select * from unnest(
      $1::uuid[], $2::order_status[], $3::order_status[], $4::text[], $5::text[], $6::float8[], $7::text[]
    ) as step (id, from_status, to_status, reason, actor, at_ms, event)
  ), stepped as (
    update orders set status = to_status, updated_at = to_timestamp(at_ms / 1000)
    from steps
    where orders.id = steps.id and orders.status = from_status and orders.id between $8::uuid and $9::uuid
    returning orders.id, orders.step, to_status, reason, actor, at_ms, event
  ), history as (
    insert into order_status_history (order_id, step, status, reason, actor, at)
    select id, step, to_status, reason, actor, to_timestamp(at_ms / 1000) from stepped
  ), event as (
    insert into outbox (topic, key, payload)
    select 'order.status', id::text, event from stepped
  )
  select id from stepped`;

/**
 * Makes the steps of those orders that are in the state that their step begins with, inside the caller's transaction,
 * and says which those were. Whoever comes second finds the order elsewhere and changes nothing.
 */
export async function stepOrders(client: ClientBase, steps: readonly OrderStep[]): Promise<ReadonlySet<string>> {
  // In the order of the ids, so that two workers with the same orders meet one another in turn.
  const batch = steps.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
  const [first, last] = [batch.at(0), batch.at(-1)];
  if (first === undefined || last === undefined) return new Set();
  if (new Set(batch.map((step) => step.orderId)).size !== batch.length) {
    throw new RangeError('An order makes one step of a batch; give the next one in a batch of its own.');
  }
  const column = <T>(read: (step: OrderStep) => T): T[] => batch.map(read);
  const { rows } = await client.query<{ id: string }>({
    name: 'step-orders',
    text: STEP,
    values: [
      column((step) => step.orderId),
      column((step) => step.from),
      column((step) => step.to),
      column((step) => step.reason),
      column((step) => step.actor),
      column((step) => step.atMs),
      column((step) => step.event),
      first.orderId,
      last.orderId,
    ],
  });
  return new Set(rows.map((row) => row.id));
}
