import type { ClientBase } from 'pg';
import type { OrderSource } from '../../../contracts/orders/sources.ts';
import type { OrderState } from '../../../contracts/orders/states.ts';

export interface CancellableOrder {
  readonly orderId: string;
  readonly source: OrderSource;
  readonly shopperId: string;
  readonly status: OrderState;
  readonly totalMinor: string | number;
  readonly currency: string;
  readonly units: number;
}

/** Locks an order before its units and its payments, as everybody who moves it does. */
export async function lockCancellable(client: ClientBase, orderId: string): Promise<CancellableOrder | undefined> {
  const { rows } = await client.query<CancellableOrder>({
    name: 'lock-cancellable-order',
    text: `
      select id as "orderId", source, shopper_id as "shopperId", status, total_minor as "totalMinor", currency,
        (select coalesce(sum(quantity), 0)::integer from order_items where order_id = $1) as units
      from orders where id = $1 for no key update`,
    values: [orderId],
  });
  return rows[0];
}

export interface SoldPart {
  readonly sku: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

/** What an order has taken off the shelves. */
export async function findSoldParts(client: ClientBase, orderId: string): Promise<SoldPart[]> {
  const { rows } = await client.query<SoldPart>({
    name: 'find-sold-parts',
    text: `
      select sku, warehouse_id as "warehouseId", sum(quantity)::integer as quantity
      from reservations where order_id = $1 and status = 'SOLD' group by sku, warehouse_id order by sku, warehouse_id`,
    values: [orderId],
  });
  return rows;
}

/**
 * For the order of a drop: its payment is over before anybody was asked for money, and due, so that the payments worker
 * gives the hold back and cancels the order. False when a provider may have the money already.
 */
export async function closeUnaskedPayments(client: ClientBase, orderId: string): Promise<boolean> {
  const { rows } = await client.query<{ asked: boolean }>({
    name: 'lock-payments-of-order',
    text: `
      select status <> 'PENDING' or provider is not null or (kind is not null and tries > 0) as asked
      from payments where order_id = $1 order by id for update`,
    values: [orderId],
  });
  if (rows.length === 0 || rows.some(({ asked }) => asked)) return false;
  await client.query({
    name: 'close-unasked-payments',
    text: `
      update payments set status = 'CANCELLED', due_at = now(), failure = 'cancelled', updated_at = now()
      where order_id = $1 and status = 'PENDING'`,
    values: [orderId],
  });
  return true;
}
