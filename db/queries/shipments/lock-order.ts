import type { ClientBase } from 'pg';
import type { OrderState } from '../../../contracts/orders/states.ts';
import type { SteppingOrder } from './order-step.ts';

export interface LockedOrder extends SteppingOrder {
  readonly status: OrderState;
  readonly dropId: string | null;
  /** Of the drop, where it is the order of one. */
  readonly dropMerchantId: string | null;
  readonly shippingOption: string | null;
  readonly currency: string;
}

const LOCK = `
  select o.id as "orderId", o.source, o.shopper_id as "shopperId", o.status, o.drop_id as "dropId",
    (select merchant_id from drops where id = o.drop_id) as "dropMerchantId",
    o.shipping_option as "shippingOption", o.currency
  from orders o where o.id = $1 for no key update of o`;

/**
 * The order first, then its parcels, then the stock: everybody who moves parcels locks in this order. So two parcels of
 * one order that arrive at the same moment take turns, and the second one sees that it is the last.
 */
export async function lockOrder(client: ClientBase, orderId: string): Promise<LockedOrder | undefined> {
  return (await client.query<LockedOrder>({ name: 'lock-order', text: LOCK, values: [orderId] })).rows[0];
}
