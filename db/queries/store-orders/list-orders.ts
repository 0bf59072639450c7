import type { ClientBase, Pool } from 'pg';
import type { OrderSource } from '../../../contracts/orders/sources.ts';
import type { OrderState } from '../../../contracts/orders/states.ts';
import { exact } from '../../exact.ts';

export interface ListedOrder {
  readonly id: string;
  readonly source: OrderSource;
  readonly dropId: string | null;
  readonly status: OrderState;
  readonly currency: string;
  readonly totalMinor: number;
  readonly placedAtMs: number;
  /** Of its first line. */
  readonly title: string;
  readonly lines: number;
  readonly units: number;
}

export interface OrdersAsked {
  readonly shopperId: string;
  readonly status: OrderState | null;
  /** Only those with smaller ids: older ones. */
  readonly beforeId: string | null;
  readonly limit: number;
}

/*
 * Chosen first, so that lines are read of those of the page alone; by lateral, as the id says the month of an order's lines.
 */
const LIST = `
  select o.id, o.source, o.drop_id as "dropId", o.status, o.currency, o.total_minor as "totalMinor",
    round(extract(epoch from o.placed_at) * 1000)::float8 as "placedAtMs",
    coalesce(items.title, '') as title, items.lines, items.units
  from (
    select * from orders
    where shopper_id = $1 and ($2::order_status is null or status = $2) and ($3::uuid is null or id < $3)
    order by id desc limit $4
  ) as o
  cross join lateral (
    select (array_agg(title order by line))[1] as title, count(*)::integer as lines,
      coalesce(sum(quantity), 0)::integer as units
    from order_items where order_id = o.id
  ) as items
  order by o.id desc`;

/** The newest first. */
export async function listOrders(database: Pool | ClientBase, asked: OrdersAsked): Promise<ListedOrder[]> {
  const { shopperId, status, beforeId, limit } = asked;
  const { rows } = await database.query<Omit<ListedOrder, 'totalMinor'> & { totalMinor: string | number }>({
    name: 'list-orders',
    text: LIST,
    values: [shopperId, status, beforeId, limit],
  });
  return rows.map((row) => ({ ...row, totalMinor: exact(row.totalMinor) }));
}
