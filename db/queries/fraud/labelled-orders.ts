import type { Pool } from 'pg';
import { LIFETIMES, LIMITS } from '../../../contracts/limits.ts';

/** An order of which it is known by now whether it was fraud, and what was known of it when it was judged. */
export interface LabelledOrder {
  readonly id: string;
  readonly shopperId: string;
  readonly isGuest: boolean;
  readonly isFraud: boolean;
  readonly placedAtMs: number;
  /** As they were kept with its review; null for one that went through. */
  readonly kept: unknown;
  readonly accountCreatedAtMs: number | null;
  readonly totalMinor: number;
  readonly currency: string;
  readonly addressesDiffer: boolean | null;
  readonly mailDomain: string | null;
  readonly ordersWithinHour: number;
  readonly flags: readonly string[];
  readonly units: number;
  readonly earlierOrders: number;
  readonly failedPayments: number;
}

/*
 * Fraud: rejected by a person, given back for that reason, or of an account that was blocked. What was blocked by its score
 * alone says nothing: a model must not learn its own opinion. No fraud: approved by a person, or paid so long ago that
 * somebody would have complained. All the rest is unknown, and left out.
 *
 * What it looked like then is read from what is still there: of each order only what was before it.
 */
const FIND = `
  with labelled as (
    select o.id, o.shopper_id, o.source, o.is_guest, o.currency, o.total_minor, o.placed_at, r.facts,
      case
        when r.decision = 'rejected' and r.decided_by not in ('orders', 'store') then true
        when exists (select from refunds f where f.order_id = o.id and f.reason ilike '%fraud%') then true
        when u.status = 'blocked' then true
        when r.decision = 'approved' then false
        when o.status not in ('PENDING', 'REVIEW', 'CANCELLED') and o.placed_at < $3::timestamptz then false
      end as is_fraud,
      u.created_at as account_at, u.email
    from orders o left join order_reviews r on r.order_id = o.id left join users u on u.id = o.shopper_id
    where o.id >= $1::uuid and o.id <= $2::uuid
  ), newest as (
    select * from labelled where is_fraud is not null order by id desc limit $4::bigint
  )
  select l.id, l.shopper_id as "shopperId", l.account_at is null as "isGuest", l.is_fraud as "isFraud",
    (extract(epoch from l.placed_at) * 1000)::float8 as "placedAtMs", l.facts as kept,
    (extract(epoch from l.account_at) * 1000)::float8 as "accountCreatedAtMs",
    l.total_minor::float8 as "totalMinor", l.currency,
    (select (lower(a.line1), lower(a.city), a.postal_code, a.country)
        is distinct from (lower(h.line1), lower(h.city), h.postal_code, h.country)
      from order_addresses a join addresses h on h.user_id = l.shopper_id and h.is_default
      where a.order_id = l.id and l.source = 'store') as "addressesDiffer",
    nullif(split_part(coalesce(
      (select a.email::text from order_addresses a where a.order_id = l.id), l.email::text
    ), '@', 2), '') as "mailDomain",
    (select count(*) from orders h where h.shopper_id = l.shopper_id and h.id <= l.id
      and h.placed_at > l.placed_at - interval '1 hour' and h.id >= $1::uuid)::int as "ordersWithinHour",
    coalesce((select array_agg(f.flag) from risk_flags f where f.user_id = l.shopper_id and f.at <= l.placed_at
      and (f.expires_at is null or f.expires_at > l.placed_at)), '{}') as flags,
    coalesce((select sum(i.quantity) from order_items i where i.order_id = l.id), 1)::int as units,
    (select count(*) from (select from orders e where e.shopper_id = l.shopper_id and e.id < l.id
      and e.status not in ('PENDING', 'REVIEW', 'CANCELLED') limit 1) e)::int as "earlierOrders",
    (select count(*) from orders t join payments p on p.order_id = t.id
      where t.shopper_id = l.shopper_id and p.status = 'FAILED' and t.id < l.id
      and t.placed_at > l.placed_at - interval '1 day')::int as "failedPayments"
  from newest l order by l.id`;

export interface LabelledAsked {
  readonly nowMs: number;
  /** The first and the last id of the time that is looked at. */
  readonly fromId: string;
  readonly toId: string;
}

/** The newest first that are known, in the order of their time. */
export async function findLabelledOrders(
  database: Pool,
  { nowMs, fromId, toId }: LabelledAsked,
): Promise<LabelledOrder[]> {
  const matureBefore = new Date(nowMs - LIFETIMES.fraudMatureMs);
  const values = [fromId, toId, matureBefore, LIMITS.fraudTrainingOrders];
  return (await database.query<LabelledOrder>(FIND, values)).rows;
}
