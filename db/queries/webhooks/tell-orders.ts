import type { Pool } from 'pg';

export interface OrderNews {
  /** Of the event that says so: each merchant is told once of it. */
  readonly eventId: string;
  readonly orderId: string;
  readonly kind: string;
  readonly atMs: number;
  readonly reason: string | null;
}

/** Of each order its merchants, and of each merchant their own lines. What is bought in a drop is its merchant's. */
const TELL = `
  with news as materialized (
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::text[])
      as news (event_id, order_id, kind, at_ms, reason)
  ), parts as materialized (
    select n.event_id, n.order_id, n.kind, n.at_ms, n.reason, o.source, o.drop_id, o.currency,
      coalesce(i.merchant_id, d.merchant_id) as merchant_id,
      jsonb_agg(jsonb_build_object('sku', i.sku, 'quantity', i.quantity, 'unitPrice', i.unit_price_minor) order by i.line) as items
    from news n
      join orders o on o.id = n.order_id and o.id between $6::uuid and $7::uuid
      join order_items i on i.order_id = n.order_id and i.order_id between $6::uuid and $7::uuid
      left join drops d on d.id = o.drop_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
  )
  select tell_merchant(p.merchant_id, p.kind, p.event_id, to_timestamp(p.at_ms / 1000), jsonb_build_object(
    'orderId', p.order_id, 'source', p.source, 'dropId', p.drop_id, 'currency', p.currency, 'reason', p.reason,
    'items', p.items
  ))
  from parts p
  where exists (
    select from webhook_endpoints e where e.merchant_id = p.merchant_id and e.is_enabled and p.kind = any (e.events)
  )`;

/** Whether anybody at all wants to hear of one of these kinds. */
export async function isAnybodyListening(database: Pool, kinds: readonly string[]): Promise<boolean> {
  const text = 'select exists (select from webhook_endpoints where is_enabled and events && $1::text[]) as yes';
  const { rows } = await database.query<{ yes: boolean }>({ name: 'is-anybody-listening', text, values: [kinds] });
  return rows[0]?.yes === true;
}

/** Writes the deliveries of what happened to orders. The same news come again are known by their events. */
export async function tellOrders(database: Pool, news: readonly OrderNews[]): Promise<void> {
  const ids = news.map(({ orderId }) => orderId).toSorted();
  const [first, last] = [ids.at(0), ids.at(-1)];
  if (first === undefined || last === undefined) return;
  await database.query({
    name: 'tell-orders',
    text: TELL,
    values: [
      ...[news.map((one) => one.eventId), news.map((one) => one.orderId), news.map((one) => one.kind)],
      ...[news.map((one) => one.atMs), news.map((one) => one.reason), first, last],
    ],
  });
}
