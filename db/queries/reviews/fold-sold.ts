/**
 * Counts what was sold of each product: units of orders that were confirmed, less those of orders cancelled after that, less
 * what came back. And marks the reviews of who has got what they review. By who holds the lock of the fold.
 */
import type { ClientBase } from 'pg';

const FOLD = `
  with taken as (
    delete from sold_changes where id in (select id from sold_changes order by id limit $1)
    returning order_id, status, return_id
  ), stepped as (
    select order_id, case status when 'CONFIRMED' then 1 else -1 end as sign from taken
    where status = 'CONFIRMED' or (status = 'CANCELLED' and exists (
      select from order_status_history h where h.order_id = taken.order_id and h.status = 'CONFIRMED'
    ))
  ), moved as (
    select i.sku, stepped.sign * i.quantity as units from stepped join order_items i using (order_id)
    union all
    select i.sku, -i.quantity from taken join return_items i using (return_id)
  ), sums as (
    select v.product_id, sum(units) as units from moved join variants v using (sku)
    group by v.product_id having sum(units) <> 0
  ), bought as (
    select o.shopper_id, v.product_id
    from taken join orders o on o.id = taken.order_id join order_items i on i.order_id = o.id join variants v using (sku)
    where taken.status = 'DELIVERED'
  ), verified as (
    update reviews r set is_verified = true from bought b
    where r.author_id = b.shopper_id and r.product_id = b.product_id and not r.is_verified
  )
  select (select count(*) from taken)::int as taken, (select coalesce(json_agg(sums), '[]') from sums)::text as sums`;

export async function foldSold(client: ClientBase, limit: number): Promise<number> {
  const { rows } = await client.query<{ taken: number; sums: string }>({
    name: 'fold-sold',
    text: FOLD,
    values: [limit],
  });
  const [found] = rows;
  if (found === undefined || found.taken === 0) return 0;
  const added = 'json_to_recordset($1::json) as added (product_id uuid, units integer)';
  await client.query({
    name: 'make-signals',
    text: `insert into product_signals (product_id) select product_id from ${added} order by product_id on conflict do nothing`,
    values: [found.sums],
  });
  await client.query({
    name: 'add-sold',
    text: `
      with locked as (
        select product_id from product_signals where product_id in (select product_id from ${added})
        order by product_id for no key update
      )
      update product_signals s set sold = s.sold + added.units
      from ${added} join locked using (product_id) where s.product_id = added.product_id`,
    values: [found.sums],
  });
  return found.taken;
}
