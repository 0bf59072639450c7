import type { ClientBase } from 'pg';
import type { OrderState } from '../../../contracts/orders/states.ts';
import { exact } from '../../exact.ts';
import { boundsOf, titleOfOrder } from '../take-due-payments.ts';

/** An order of the store that waits for its payment, or for a decision. */
export interface WaitingOrder {
  readonly orderId: string;
  readonly status: OrderState;
  readonly shopperId: string;
  readonly holdUntilMs: number;
  readonly currency: string;
  readonly totalMinor: number;
  /** Of its first line, which stands for all of them. */
  readonly title: string;
  readonly sku: string;
  readonly quantity: number;
  /** Money was taken, or is promised at the door: what is missing is only the confirmation. */
  readonly isPaid: boolean;
}

/* What somebody else has in hand is left to them; the next look sees what became of it. */
const LOCK = `
  with locked as materialized (
    select id, status, shopper_id, hold_until, currency, total_minor from orders
    where id = any ($1::uuid[]) and id between $2::uuid and $3::uuid
      and source = 'store' and status in ('PENDING', 'REVIEW')
    order by id for no key update skip locked
  )
  select o.id as "orderId", o.status, o.shopper_id as "shopperId", o.currency, o.total_minor as "totalMinor",
    (extract(epoch from coalesce(o.hold_until, '-infinity'::timestamptz)) * 1000)::float8 as "holdUntilMs",
    item.title, item.sku, item.quantity, item.lines,
    exists (
      select from payments p where p.order_id = o.id and p.status in ('CAPTURED', 'AUTHORIZED')
    ) as "isPaid"
  from locked o
  join lateral (
    select title, sku, quantity, count(*) over ()::int as lines
    from order_items where order_id = o.id order by line limit 1
  ) item on true
  order by o.id`;

/** Locks those of these orders that still wait, until the caller's transaction ends. */
export async function lockWaitingOrders(client: ClientBase, orderIds: readonly string[]): Promise<WaitingOrder[]> {
  if (orderIds.length === 0) return [];
  type Row = Omit<WaitingOrder, 'totalMinor'> & { readonly totalMinor: string | number; readonly lines: number };
  const values = [orderIds, ...boundsOf(orderIds)];
  const { rows } = await client.query<Row>({ name: 'lock-waiting-orders', text: LOCK, values });
  return rows.map(({ lines, title, totalMinor, ...row }) => ({
    ...row,
    title: titleOfOrder(title, lines),
    totalMinor: exact(totalMinor),
  }));
}
