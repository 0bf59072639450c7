import type { ClientBase } from 'pg';
import { type DropOrder, type DropOrderColumns, dropOrderColumns } from './drop-order-columns.ts';

export type { DropOrder, DropOrderColumns } from './drop-order-columns.ts';

/*
 * One statement writes all five rows of each order. Everything hangs on `placed`: what ON CONFLICT leaves out of it gets
 * no item, no payment, no history and no event, so a claim that is delivered again changes nothing.
 * A payment by a saved method of the shopper's own is due at once, unless somebody has to look at the order first.
 */
const INSERT = `
  with claims as materialized (
    select * from unnest(
      $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[],
      $7::int[], $8::bigint[], $9::text[], $10::float8[], $11::float8[], $12::text[], $13::text[],
      $14::bigint[], $15::smallint[], $16::text[], $17::uuid[]
    ) as claim (
      id, drop_id, region, shopper_id, sku, title, quantity, price, currency, claimed_at_ms, hold_until_ms, event,
      claim_key, tax, score, verdict, method_id
    )
  ), placed as (
    insert into orders (
      id, source, drop_id, region, shopper_id, currency, items_minor, tax_minor, total_minor, placed_at, hold_until,
      claim_key, risk_score
    )
    select id, 'drop', drop_id, region, shopper_id, currency, price * quantity - tax, tax, price * quantity,
      to_timestamp(claimed_at_ms / 1000), to_timestamp(hold_until_ms / 1000),
      claim_key, score
    from claims
    on conflict (id) do nothing
    returning id
  ), fresh as materialized (
    select claims.* from claims join placed using (id)
  ), items as (
    insert into order_items (order_id, line, sku, title, quantity, unit_price_minor)
    select id, 1, sku, title, quantity, price from fresh
  ), history as (
    insert into order_status_history (order_id, step, status, reason, actor, at)
    select id, 0, 'PENDING', 'claimed', 'orders', to_timestamp(claimed_at_ms / 1000) from fresh
  ), payment as (
    insert into payments (order_id, id, status, currency, amount_minor, kind, method_token, due_at)
    select fresh.id, fresh.id, case verdict when 'blocked' then 'CANCELLED' else 'PENDING' end::payment_status,
      currency, price * quantity, method.kind, method.provider_token,
      case when verdict = 'clear' and method.kind is not null then now() end
    from fresh left join payment_methods method on method.id = method_id and method.user_id = shopper_id
  ), event as (
    insert into outbox (topic, key, payload)
    select 'order.created', id::text, event from fresh
  )
  select id from fresh`;

/** As insertDropOrders, for columns that were made elsewhere. */
export async function insertDropOrderColumns(
  client: ClientBase,
  columns: DropOrderColumns,
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'insert-drop-orders',
    text: INSERT,
    values: [...columns],
  });
  return new Set(rows.map((row) => row.id));
}

/**
 * Writes the orders of a batch of claims, inside the caller's transaction, and says which of them were new.
 * A claim whose time lies in no month that exists fails the batch: see docs/decisions/0002.
 */
export function insertDropOrders(client: ClientBase, orders: readonly DropOrder[]): Promise<ReadonlySet<string>> {
  return insertDropOrderColumns(client, dropOrderColumns(orders));
}
