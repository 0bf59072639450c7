/** Which paid orders came of what an experiment showed: each order is looked at once. */
import type { ClientBase, Pool } from 'pg';

/** Paid orders, to be looked at a little later. Told again, they are known. */
export async function noteOrders(client: ClientBase, orderIds: readonly string[], dueAtMs: number): Promise<void> {
  if (orderIds.length === 0) return;
  await client.query({
    name: 'recommendation-note-orders',
    text: `
      insert into recommendation_orders (order_id, due_at)
      select distinct unnest($1::uuid[]), to_timestamp($2::float8 / 1000) on conflict do nothing`,
    values: [[...orderIds], dueAtMs],
  });
}

export interface OrderProduct {
  readonly orderId: string;
  readonly shopperId: string;
  readonly productId: string;
}

/** Whose orders they are and what was bought with them, as far as articles are still known. */
export async function findOrderProducts(database: Pool, orderIds: readonly string[]): Promise<OrderProduct[]> {
  if (orderIds.length === 0) return [];
  const { rows } = await database.query<OrderProduct>({
    name: 'recommendation-order-products',
    text: `
      select distinct o.id as "orderId", o.shopper_id as "shopperId", coalesce(i.product_id, v.product_id) as "productId"
      from orders o join order_items i on i.order_id = o.id left join variants v on v.sku = i.sku
      where o.id = any ((select $1::uuid[])::uuid[]) and coalesce(i.product_id, v.product_id) is not null`,
    values: [[...orderIds]],
  });
  return rows;
}

export interface DueLine {
  readonly orderId: string;
  readonly shopperId: string;
  readonly placedAtMs: number;
  readonly currency: string;
  readonly productId: string;
  /** Of all units of it, after discounts. */
  readonly amountMinor: number;
  /** Experiments that the shopper was in, with the arm. */
  readonly experiment: string;
  readonly arm: string;
  /** Whether the shopper clicked this product in time. */
  readonly isClicked: boolean;
}

/**
 * Takes orders that are due, for as long as the transaction lasts: the lines of those whose shoppers saw an experiment that
 * ran when they ordered, or in the time before. `taken` counts the others too.
 */
export async function takeDueOrders(
  client: ClientBase,
  given: { readonly nowMs: number; readonly withinMs: number; readonly limit: number },
): Promise<{ readonly orderIds: readonly string[]; readonly lines: readonly DueLine[] }> {
  const { rows: taken } = await client.query<{ id: string }>({
    name: 'recommendation-take-due-orders',
    text: `
      select order_id as id from recommendation_orders
      where done_at is null and due_at <= to_timestamp($1::float8 / 1000)
      order by due_at limit $2 for update skip locked`,
    values: [given.nowMs, given.limit],
  });
  const orderIds = taken.map(({ id }) => id);
  if (orderIds.length === 0) return { orderIds, lines: [] };
  const { rows: lines } = await client.query<DueLine>({
    name: 'recommendation-due-lines',
    text: `
      select o.id as "orderId", o.shopper_id as "shopperId", floor(extract(epoch from o.placed_at) * 1000)::float8 as "placedAtMs",
        o.currency, bought.product_id as "productId", bought.amount as "amountMinor", e.name as experiment, x.arm,
        exists (
          select from recommendation_clicks c
          where (c.experiment, c.shopper_id, c.product_id) = (e.name, o.shopper_id, bought.product_id)
            and c.clicked_at between o.placed_at - $2::float8 * interval '1 millisecond' and o.placed_at
        ) as "isClicked"
      from orders o
        join recommendation_exposures x on x.shopper_id = o.shopper_id
        join recommendation_experiments e on e.name = x.experiment and e.started_at <= o.placed_at
          and (e.stopped_at is null or e.stopped_at > o.placed_at - $2::float8 * interval '1 millisecond')
        cross join lateral (
          select coalesce(i.product_id, v.product_id) as product_id,
            sum(i.quantity::bigint * i.unit_price_minor - coalesce(i.discount_minor, 0))::float8 as amount
          from order_items i left join variants v on v.sku = i.sku where i.order_id = o.id group by 1
        ) as bought
      where o.id = any ($1::uuid[]) and bought.product_id is not null
      order by o.id, e.name, bought.product_id`,
    values: [orderIds, given.withinMs],
  });
  return { orderIds, lines };
}

export interface Conversion {
  readonly experiment: string;
  readonly arm: string;
  readonly shopperId: string;
  /** Of the order, as 2026-11-21. */
  readonly day: string;
  readonly currency: string;
  readonly amountMinor: number;
}

/** One row an order and experiment. */
export async function countOrdered(client: ClientBase, rows: readonly Conversion[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'recommendation-count-ordered',
    text: `
      with given as (
        select * from unnest($1::text[], $2::text[], $3::uuid[], $4::date[], $5::text[], $6::bigint[])
          as row (experiment, arm, shopper_id, day, currency, amount)
      ), shoppers as (
        update recommendation_exposures x set ordered = ordered + g.count
        from (select experiment, shopper_id, count(*)::integer as count from given group by 1, 2) g
        where (x.experiment, x.shopper_id) = (g.experiment, g.shopper_id)
      ), revenue as (
        insert into recommendation_revenue as known (experiment, arm, day, currency, revenue_minor)
        select experiment, arm, day, currency, sum(amount) from given group by 1, 2, 3, 4 order by 1, 2, 3, 4
        on conflict (experiment, arm, day, currency)
          do update set revenue_minor = known.revenue_minor + excluded.revenue_minor
      )
      insert into recommendation_outcomes as known (experiment, arm, day, ordered)
      select experiment, arm, day, count(*) from given group by 1, 2, 3 order by 1, 2, 3
      on conflict (experiment, arm, day) do update set ordered = known.ordered + excluded.ordered`,
    values: [
      ...[rows.map((row) => row.experiment), rows.map((row) => row.arm), rows.map((row) => row.shopperId)],
      ...[rows.map((row) => row.day), rows.map((row) => row.currency), rows.map((row) => row.amountMinor)],
    ],
  });
}

export async function markOrdersDone(client: ClientBase, orderIds: readonly string[], nowMs: number): Promise<void> {
  await client.query({
    name: 'recommendation-orders-done',
    text: `update recommendation_orders set done_at = to_timestamp($2::float8 / 1000) where order_id = any ($1::uuid[])`,
    values: [[...orderIds], nowMs],
  });
}
