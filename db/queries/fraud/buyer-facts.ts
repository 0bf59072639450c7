import { LIFETIMES, LIMITS } from '../../../contracts/limits.ts';
import type { Asking } from '../../../platform/connections/postgres-together.ts';

/** What is known of somebody who is about to buy, beyond their account. */
export interface BuyerFacts {
  /** Whether there is one that was paid, within a year. */
  readonly earlierOrders: number;
  readonly failedPayments: number;
  /** Null for who has no session, or one whose device cannot be told. */
  readonly accountsOnDevice: number | null;
}

/*
 * Bounds are ids that say a time, so that only their months are read; each count has an end. Payments are found by the
 * ids of orders: joined, all of a day are looked through. One device is one address and
 * one name of a browser. Our own address is nobody's device: everybody's, where a proxy is not known as one.
 */
const FIND = `
  select
    (select count(*) from (
      select from orders where shopper_id = $1::uuid and id >= $2::uuid
        and status not in ('PENDING', 'REVIEW', 'CANCELLED') limit 1
    ) o)::int as "earlierOrders",
    (select count(*) from (
      select from payments
      where order_id = any (array(select id from orders where shopper_id = $1::uuid and id >= $3::uuid limit 10 * $4::bigint))
        and order_id >= $3::uuid and status = 'FAILED' limit $4::bigint
    ) p)::int as "failedPayments",
    (select nullif(count(distinct user_id), 0) from (
      select s.user_id from (
        select address, client from sessions where user_id = $1::uuid and ended_at is null order by id desc limit 1
      ) d join sessions s on s.address = d.address and s.client = d.client
      where d.address not in ('127.0.0.1', '::', 'unknown') and s.address <> '' and s.client <> ''
        and s.created_at > $5::timestamptz
      limit $6::bigint
    ) shared)::int as "accountsOnDevice"`;

export interface BuyerAsked {
  readonly shopperId: string;
  readonly nowMs: number;
  /** The first ids of a year ago, and of a day ago. */
  readonly yearId: string;
  readonly dayId: string;
}

export async function findBuyerFacts(
  database: Asking,
  { shopperId, nowMs, yearId, dayId }: BuyerAsked,
): Promise<BuyerFacts> {
  const devicesFrom = new Date(nowMs - LIFETIMES.fraudDeviceMs);
  const values = [
    ...[shopperId, yearId, dayId, LIMITS.fraudFactsCounted],
    ...[devicesFrom, LIMITS.riskSessionsPerDevice],
  ];
  const { rows } = await database.query<BuyerFacts>({ name: 'find-buyer-facts', text: FIND, values });
  return rows[0] ?? { earlierOrders: 0, failedPayments: 0, accountsOnDevice: null };
}
