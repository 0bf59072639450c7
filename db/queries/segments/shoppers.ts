/** What registered shoppers bought, a batch of them at a time. */
import type { ClientBase, Pool } from 'pg';
import { NO_ID } from '../../../contracts/figure-rows.ts';

export async function nextShoppers(database: Pool, after: string, limit: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>({
    name: 'segments-next-shoppers',
    // Who is gone is not found out about again.
    text: `select id from users where id > $1 and status::text <> 'erased' order by id limit $2`,
    values: [after, limit],
  });
  return rows.map(({ id }) => id);
}

export interface Purchases {
  readonly userId: string;
  /** A merchant, or NO_ID for all. */
  readonly scopeId: string;
  readonly currency: string;
  readonly orders: number;
  readonly discounted: number;
  readonly spentMinor: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Orders by month, as 2026-11-01. */
  readonly months: Readonly<Record<string, number>>;
}

/*
 * An order counts for what is left of it: one that was given back whole was none. By the index of orders by shopper; with
 * the money of it as it was settled, so that of an order of two merchants each has its own.
 */
const FIND = `
  with bought as materialized (
    select o.id, o.shopper_id, o.currency, o.placed_at, o.discount_minor > 0 as is_discounted, s.merchant_id,
      sum(s.amount_minor) as kept
    from orders o join settlements s on s.order_id = o.id
    where o.shopper_id = any ($1::uuid[]) group by 1, 2, 3, 4, 5, 6 having sum(s.amount_minor) > 0
  ), scoped as (
    select merchant_id as scope_id, * from bought where merchant_id is not null
    union all
    select '${NO_ID}'::uuid, id, shopper_id, currency, placed_at, is_discounted, null, sum(kept) from bought
    group by 2, 3, 4, 5, 6
  ), by_month as (
    select scope_id, shopper_id, currency, to_char(placed_at at time zone 'utc', 'YYYY-MM-01') as month,
      count(*)::int as orders, count(*) filter (where is_discounted)::int as discounted, sum(kept) as kept,
      min(placed_at) as first_at, max(placed_at) as last_at
    from scoped group by 1, 2, 3, 4
  )
  select shopper_id as "userId", scope_id as "scopeId", currency, sum(orders)::int as orders,
    sum(discounted)::int as discounted, sum(kept)::float8 as "spentMinor",
    floor(extract(epoch from min(first_at)) * 1000)::float8 as "firstAtMs",
    floor(extract(epoch from max(last_at)) * 1000)::float8 as "lastAtMs", jsonb_object_agg(month, orders) as months
  from by_month group by 1, 2, 3`;

export async function findPurchases(database: Pool, userIds: readonly string[]): Promise<Purchases[]> {
  const { rows } = await database.query<Purchases>({ name: 'segments-find-purchases', text: FIND, values: [userIds] });
  return rows;
}

export interface GroupedShopper {
  readonly scopeId: string;
  readonly userId: string;
  readonly segments: readonly string[];
  readonly orders: number;
  readonly spentMinor: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

const REPLACE = `
  with gone as (delete from shopper_segments where user_id = any ($1::uuid[]))
  select`;
const INSERT = `
  insert into shopper_segments (scope_id, user_id, segments, orders, spent_minor, first_at, last_at, computed_at)
  select given.scope_id, given.user_id, string_to_array(given.segments, ' '), given.orders, given.spent,
    to_timestamp(given.first_at / 1000), to_timestamp(given.last_at / 1000), to_timestamp($8::float8 / 1000)
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::float8[], $7::float8[])
    as given (scope_id, user_id, segments, orders, spent, first_at, last_at)
  where exists (select from users u where u.id = given.user_id and u.status <> 'erased')
  on conflict (scope_id, user_id) do update set segments = excluded.segments, orders = excluded.orders,
    spent_minor = excluded.spent_minor, first_at = excluded.first_at, last_at = excluded.last_at,
    computed_at = excluded.computed_at`;

/** What is known of these people becomes this, inside the caller's transaction. */
export async function replaceSegments(
  client: ClientBase,
  userIds: readonly string[],
  shoppers: readonly GroupedShopper[],
  nowMs: number,
): Promise<void> {
  await client.query(REPLACE, [userIds]);
  if (shoppers.length === 0) return;
  const of = <K extends keyof GroupedShopper>(key: K) => shoppers.map((shopper) => shopper[key]);
  await client.query({
    name: 'segments-insert',
    text: INSERT,
    values: [
      ...[of('scopeId'), of('userId'), shoppers.map(({ segments }) => segments.join(' ')), of('orders')],
      ...[of('spentMinor'), of('firstAtMs'), of('lastAtMs'), nowMs],
    ],
  });
}
