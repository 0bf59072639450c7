import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../../product-rows.ts';

export type AlertKind = 'low' | 'sold-out';

/*
 * What should be open follows from the stock as it is now; what is open follows it. An article that is not on sale is
 * nobody's worry, nor is one that was never on a shelf.
 */
const FOLLOW = `
  with state as materialized (
    select v.sku, v.low_stock_at, p.status = 'active' and v.archived_at is null as is_sold,
      coalesce(sum(i.on_hand - i.reserved) filter (where w.is_active), 0)::int as available
    from variants v join products p on p.id = v.product_id
      join inventory i on i.sku = v.sku join warehouses w on w.id = i.warehouse_id
    where v.sku = any ($1::text[]) group by v.sku, v.low_stock_at, p.status, v.archived_at
  ), wanted as (
    select sku, 'sold-out'::stock_alert_kind as kind, available from state where is_sold and available = 0
    union all
    select sku, 'low', available from state where is_sold and low_stock_at > 0 and available <= low_stock_at
  ), closed as (
    update stock_alerts a set closed_at = now() from state s
    where a.sku = s.sku and a.closed_at is null
      and not exists (select from wanted where wanted.sku = a.sku and wanted.kind = a.kind)
    returning a.sku, a.kind
  ), opened as (
    insert into stock_alerts (id, sku, kind, available)
    select uuidv7(), sku, kind, available from wanted
    on conflict (sku, kind) where closed_at is null do nothing
    returning sku, kind
  )
  select sku from opened where kind = 'sold-out' union select sku from closed where kind = 'sold-out'`;

/**
 * Opens and closes the alerts of these SKUs, one caller at a time: an older look must not win over a newer one. Says which
 * of them are sold out now and were not before, or the other way round.
 */
export async function followStock(client: ClientBase, skus: readonly string[]): Promise<string[]> {
  await client.query(`select pg_advisory_xact_lock(hashtext('stock_alerts'))`);
  const { rows } = await client.query<{ sku: string }>({ name: 'follow-stock', text: FOLLOW, values: [skus] });
  return rows.map(({ sku }) => sku);
}

export interface UntoldAlert {
  readonly merchantId: string;
  readonly sku: string;
  readonly title: string;
  readonly kind: AlertKind;
  readonly available: number;
  /** Whether the same was told not long ago: an article that is sold out and comes back every minute is told of once. */
  readonly isQuiet: boolean;
}

const TAKE = `
  with due as (
    select id, sku, kind, available from stock_alerts where told_at is null and closed_at is null
    order by opened_at limit $1 for update skip locked
  ), known as (
    select due.*, (
      select max(a.told_at) from stock_alerts a where a.sku = due.sku and a.kind = due.kind and a.told_at > now() - $2::float8 * interval '1 ms'
    ) as told_before
    from due
  ), told as (
    update stock_alerts a set told_at = coalesce(known.told_before, now()) from known where a.id = known.id
  )
  select p.merchant_id as "merchantId", known.sku, concat_ws(' · ', p.title, nullif(v.title, '')) as title, known.kind,
    known.available, known.told_before is not null as "isQuiet"
  from known join variants v on v.sku = known.sku join products p on p.id = v.product_id`;

/** Takes what has to be told, in the transaction that writes the mails. */
export async function takeUntoldAlerts(
  client: ClientBase,
  asked: { readonly limit: number; readonly quietMs: number },
): Promise<UntoldAlert[]> {
  const { rows } = await client.query<UntoldAlert>({
    name: 'take-untold-alerts',
    text: TAKE,
    values: [asked.limit, asked.quietMs],
  });
  return rows;
}

export interface StoredAlert {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly kind: AlertKind;
  /** When it was opened. */
  readonly available: number;
  readonly openedAt: number;
  readonly closedAt: number | null;
}

/** The newest first. */
export async function listAlerts(
  database: Pool | ClientBase,
  asked: {
    readonly merchantId: string | null;
    readonly isOpen: boolean;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<StoredAlert[]> {
  const { rows } = await database.query<StoredAlert>({
    name: 'list-alerts',
    text: `
      select a.id, a.sku, concat_ws(' · ', p.title, nullif(v.title, '')) as title, a.kind, a.available,
        ${epochMs('a.opened_at')} as "openedAt", ${epochMs('a.closed_at')} as "closedAt"
      from stock_alerts a join variants v on v.sku = a.sku join products p on p.id = v.product_id
      where ($1::uuid is null or p.merchant_id = $1) and (not $2::boolean or a.closed_at is null)
        and ($3::uuid is null or a.id < $3)
      order by a.id desc limit $4`,
    values: [asked.merchantId, asked.isOpen, asked.before, asked.limit],
  });
  return rows;
}

/** As if the stock had changed: what is low is looked at anew. */
export async function tellInventory(client: ClientBase, skus: readonly string[], reason: string): Promise<void> {
  await client.query({
    name: 'tell-inventory',
    text: `
      insert into outbox (topic, key, payload)
      select 'inventory.updated', sku, json_build_object(
        'type', 'inventory.updated', 'v', 1, 'id', uuidv7(), 'at', floor(extract(epoch from clock_timestamp()) * 1000)::bigint,
        'data', json_build_object(
          'sku', sku, 'warehouseId', warehouse_id, 'onHand', on_hand, 'reserved', reserved, 'reason', $2::text
        )
      )::text
      from inventory where sku = any ($1::text[])`,
    values: [skus, reason],
  });
}
