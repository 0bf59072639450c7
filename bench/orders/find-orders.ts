/** Reads what a run left in the database and in the outboxes, for the audit. */
import { fold } from '../core/load.ts';
import { UNIT_PRICE } from '../core/sale-data.ts';
import type { OrdersFound } from './audit.ts';
import type { OrderStage } from './stage.ts';

const WHOLE = `
  with bought as (
    select order_id, count(*) as lines, sum(quantity) as units, sum(quantity * unit_price_minor) as amount,
      max(unit_price_minor) as price
    from order_items group by order_id
  ), paid as (
    select order_id, count(*) as tries, sum(amount_minor) as amount from payments group by order_id
  )
  select
    count(*) filter (where o.id is not null and (b.order_id is null or p.order_id is null))::int as incomplete,
    (coalesce(sum(b.lines), 0) + coalesce(sum(p.tries), 0)
      - count(*) filter (where o.id is not null and b.order_id is not null)
      - count(*) filter (where o.id is not null and p.order_id is not null))::int as surplus,
    count(*) filter (where o.total_minor <> b.amount or o.total_minor <> p.amount or b.price <> $1 or b.units <> 1)::int
      as wrong_amounts
  from orders o full join bought b on b.order_id = o.id full join paid p on p.order_id = coalesce(o.id, b.order_id)`;

export async function findOrders({ database, redis, outboxes }: OrderStage): Promise<OrdersFound> {
  const ids = await database.query<{ id: string }>('select id from orders');
  const { rows } = await database.query<{ incomplete: number; surplus: number; wrong_amounts: number }>(WHOLE, [
    UNIT_PRICE,
  ]);
  const [found = { incomplete: 0, surplus: 0, wrong_amounts: 0 }] = rows;
  const lengths = await Promise.all(outboxes.map((outbox) => redis.admin.xlen(outbox)));
  return {
    orders: ids.rows.length,
    fingerprint: ids.rows.reduce((folded, { id }) => fold(folded, id), 0),
    incomplete: found.incomplete,
    surplus: found.surplus,
    wrongAmounts: found.wrong_amounts,
    entriesLeft: lengths.reduce((sum, length) => sum + length, 0),
  };
}

/** Takes one order away that had been made. The audit has to notice. */
export async function loseOneOrder({ database }: OrderStage): Promise<void> {
  await database.query('delete from orders where id = (select id from orders limit 1)');
}
