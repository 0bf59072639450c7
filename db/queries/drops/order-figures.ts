/** What the orders of a drop say, added up. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

export interface OrderCount {
  readonly status: string;
  readonly orders: number;
}

export async function countOrdersByStatus(database: Pool | ClientBase, dropId: string): Promise<OrderCount[]> {
  const { rows } = await database.query<OrderCount>({
    name: 'count-drop-orders',
    text: 'select status::text, count(*)::int as orders from orders where drop_id = $1 group by status order by status',
    values: [dropId],
  });
  return rows;
}

export interface OrderUnits {
  readonly region: string;
  readonly sku: string;
  /** Of orders that wait for their money or their review. */
  readonly held: number;
  /** Of orders that were confirmed, called off later or not. */
  readonly sold: number;
  /** Of those, called off later. */
  readonly calledOff: number;
}

const UNITS = `
  select o.region, i.sku,
    coalesce(sum(i.quantity) filter (where o.status in ('PENDING', 'REVIEW')), 0)::int as held,
    coalesce(sum(i.quantity) filter (where h.was_confirmed), 0)::int as sold,
    coalesce(sum(i.quantity) filter (where h.was_confirmed and h.was_cancelled), 0)::int as "calledOff"
  from orders o join order_items i on i.order_id = o.id
  cross join lateral (
    select coalesce(bool_or(status = 'CONFIRMED'), false) as was_confirmed,
      coalesce(bool_or(status = 'CANCELLED'), false) as was_cancelled
    from order_status_history where order_id = o.id
  ) h
  where o.drop_id = $1 group by o.region, i.sku`;

/** What the units of Redis are held against. */
export async function findOrderUnits(database: Pool | ClientBase, dropId: string): Promise<OrderUnits[]> {
  return (await database.query<OrderUnits>({ name: 'find-order-units', text: UNITS, values: [dropId] })).rows;
}

export interface ResultRow {
  readonly id: string;
  readonly placedAt: Date;
  readonly region: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly status: string;
  readonly payment: string | null;
  readonly refundedMinor: number;
}

const RESULT = `
  select o.id, o.placed_at as "placedAt", o.region, i.sku, i.title, i.quantity, o.total_minor as "amountMinor", o.currency,
    o.status::text, p.status::text as payment, coalesce(p.refunded_minor, 0) as "refundedMinor"
  from (
    select id, placed_at, region, total_minor, currency, status from orders
    where drop_id = $1 and ($2::uuid is null or id > $2) order by id limit $3
  ) o
  join order_items i on i.order_id = o.id
  left join lateral (
    select status, refunded_minor from payments where order_id = o.id
    order by captured_at desc nulls last, id desc limit 1
  ) p on true
  order by o.id, i.line`;

/** The orders of a drop in the order of their claims, so many at a time. */
export async function pageOfResult(
  database: Pool | ClientBase,
  asked: { readonly dropId: string; readonly after: string | null; readonly orders: number },
): Promise<ResultRow[]> {
  const { rows } = await database.query<ResultRow>({
    name: 'page-of-result',
    text: RESULT,
    values: [asked.dropId, asked.after, asked.orders],
  });
  return rows.map((row) => ({
    ...row,
    amountMinor: exact(row.amountMinor),
    refundedMinor: exact(row.refundedMinor),
  }));
}
