import type { ClientBase } from 'pg';
import type { IdSource } from '../../../contracts/ids.ts';
import { orderStep, type SteppingOrder } from '../shipments/order-step.ts';
import { stepOrders } from '../step-orders.ts';

/*
 * The order is looked up by its id, which says the month. Returns are locked by their ids, so that two batches with the
 * same ones meet one another in turn.
 */
const FINISH = `
  with due as materialized (
    select t.id from returns t join refunds r on r.id = t.refund_id
    where t.refund_id = any ($1::uuid[]) and t.status = 'RECEIVED' and r.status = 'DONE'
    order by t.id for update of t
  ), finished as (
    update returns t set status = 'REFUNDED', refunded_at = to_timestamp($2::float8 / 1000)
    from due where t.id = due.id
    returning t.order_id
  )
  select finished.order_id as "orderId", o.source, o.shopper_id as "shopperId"
  from finished
  join lateral (select source, shopper_id from orders where id = finished.order_id limit 1) o on true`;

/**
 * For who finishes refunds, inside the transaction that writes them DONE (after finishRefunds): the returns that they
 * belong to are REFUNDED, and so are their orders. Refunds that belong to no return, or are not done, change nothing; a
 * repeat changes nothing either. Answers with the orders whose return was finished now.
 */
export async function finishReturns(
  client: ClientBase,
  refundIds: readonly string[],
  { nextId, clock }: { readonly nextId: IdSource; readonly clock: { now(): number } },
): Promise<ReadonlySet<string>> {
  if (refundIds.length === 0) return new Set();
  const nowMs = clock.now();
  const { rows } = await client.query<SteppingOrder>({
    name: 'finish-returns',
    text: FINISH,
    values: [refundIds, nowMs],
  });
  const doing = { actor: 'payments', reason: 'refunded', nowMs, nextId };
  // An order that was returned in part before is REFUNDED already, and stays it.
  await stepOrders(
    client,
    rows.map((order) => orderStep(order, 'RETURN_RECEIVED', 'REFUNDED', doing)),
  );
  return new Set(rows.map(({ orderId }) => orderId));
}
