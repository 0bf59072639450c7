import type { ClientBase, Pool } from 'pg';
import type { PaymentKind, PaymentStatus } from '../../contracts/orders/payments.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import { exact } from '../exact.ts';

export interface StoredOrder {
  readonly id: string;
  readonly source: 'drop' | 'store';
  readonly dropId: string | null;
  readonly region: string | null;
  readonly shopperId: string;
  readonly status: OrderState;
  readonly currency: string;
  readonly totalMinor: number;
  readonly placedAtMs: number;
  readonly holdUntilMs: number | null;
  readonly items: readonly OrderItem[];
  readonly payments: readonly OrderPayment[];
  readonly history: readonly PastStep[];
}

export interface OrderItem {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface OrderPayment {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly kind: PaymentKind | null;
  readonly provider: string | null;
  /** Where the shopper has to confirm the payment, while the provider waits for it. */
  readonly actionUrl: string | null;
  readonly amountMinor: number;
  readonly refundedMinor: number;
}

export interface PastStep {
  readonly status: OrderState;
  readonly reason: string;
  readonly actor: string;
  readonly atMs: number;
}

interface Row extends Omit<StoredOrder, 'totalMinor' | 'placedAtMs' | 'holdUntilMs'> {
  readonly totalMinor: string | number;
  readonly placedAt: Date;
  readonly holdUntil: Date | null;
}

const FIND = `
  select id, source, drop_id as "dropId", region, shopper_id as "shopperId", status, currency,
    total_minor as "totalMinor", placed_at as "placedAt", hold_until as "holdUntil",
    array(
      select json_build_object(
        'sku', sku, 'title', title, 'quantity', quantity, 'unitPriceMinor', unit_price_minor
      ) from order_items where order_id = $1 order by line
    ) as items,
    array(
      select json_build_object(
        'id', id, 'status', status, 'kind', kind, 'provider', provider, 'actionUrl', action_url,
        'amountMinor', amount_minor, 'refundedMinor', refunded_minor
      ) from payments where order_id = $1 order by created_at, id
    ) as payments,
    array(
      select json_build_object(
        'status', status, 'reason', reason, 'actor', actor, 'atMs', round(extract(epoch from at) * 1000)
      ) from order_status_history where order_id = $1 order by step
    ) as history
  from orders where id = $1`;

/** An order with all that belongs to it. The id says the month, so one partition of each table is read. */
export async function findOrder(database: Pool | ClientBase, orderId: string): Promise<StoredOrder | undefined> {
  const { rows } = await database.query<Row>({ name: 'find-order', text: FIND, values: [orderId] });
  const row = rows[0];
  if (row === undefined) return undefined;
  const { placedAt, holdUntil, ...order } = row;
  return {
    ...order,
    totalMinor: exact(row.totalMinor),
    placedAtMs: placedAt.getTime(),
    holdUntilMs: holdUntil === null ? null : holdUntil.getTime(),
  };
}
