/** What the fulfilment worker has to do. */
import type { ClientBase, Pool } from 'pg';
import type { OrderState } from '../../../contracts/orders/states.ts';
import type { SteppingOrder } from './order-step.ts';

export interface ToldDelivery {
  readonly id: string;
  readonly orderId: string;
  readonly atMs: number;
}

/** Parcels on their way of which their carrier says that they arrived. */
export async function findToldDeliveries(database: Pool | ClientBase, most: number): Promise<readonly ToldDelivery[]> {
  const { rows } = await database.query<ToldDelivery>({
    name: 'find-told-deliveries',
    text: `
      select id, order_id as "orderId", (extract(epoch from told_delivered_at) * 1000)::float8 as "atMs"
      from shipments where status = 'SHIPPED' and told_delivered_at is not null order by id limit $1`,
    values: [most],
  });
  return rows;
}

export interface SettledOrder extends SteppingOrder {
  readonly status: OrderState;
}

/*
 * Orders all of whose parcels arrived long enough ago. Those that are coming back are passed over until that has ended.
 */
const SETTLED = `
  select distinct o.id as "orderId", o.source, o.shopper_id as "shopperId", o.status
  from (
    select order_id from shipments
    where status = 'DELIVERED' and closed_at is null and delivered_at < to_timestamp($1::float8 / 1000)
    order by delivered_at
  ) s
  cross join lateral (
    select id, source, shopper_id, status from orders
    where id = s.order_id and status in ('DELIVERED', 'COMPLETED', 'REFUNDED') limit 1
  ) o
  where not exists (
    select from shipments later
    where later.order_id = s.order_id and (
      later.status in ('PENDING', 'SHIPPED') or later.delivered_at >= to_timestamp($1::float8 / 1000)
    )
  )
  limit $2`;

export async function findSettledOrders(
  client: ClientBase,
  arrivedBeforeMs: number,
  most: number,
): Promise<readonly SettledOrder[]> {
  const values = [arrivedBeforeMs, most];
  return (await client.query<SettledOrder>({ name: 'find-settled-orders', text: SETTLED, values })).rows;
}

/** Their parcels are looked at no more. */
export async function closeShipments(client: ClientBase, orderIds: readonly string[], nowMs: number): Promise<void> {
  await client.query({
    name: 'close-shipments',
    text: `
      update shipments set closed_at = to_timestamp($2::float8 / 1000)
      where order_id = any ($1::uuid[]) and closed_at is null`,
    values: [orderIds, nowMs],
  });
}
