import type { Pool } from 'pg';

export interface DueDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly merchantId: string;
  readonly url: string;
  readonly secretVersion: number;
  /** Whether the secret before it is good as well. */
  readonly isPreviousGood: boolean;
  readonly eventId: string;
  readonly body: string;
  /** With this one. */
  readonly tries: number;
}

/*
 * Endpoint by endpoint, so that one with a hundred thousand deliveries waiting comes no sooner than one with a single one.
 * Whoever looks at an endpoint has it for the moment: what two take of it together is never more than it may get at once.
 * Endpoints that fail are asked for apart ($2), and get one delivery at a time. However many endpoints a merchant has, they
 * get no more than $5 together: twenty that hang would have all places. (Two who look at once may each give so many.)
 */
const TAKE = `
  with recursive waiting as (
    (select endpoint_id from webhook_deliveries where state = 'waiting' order by endpoint_id limit 1)
    union all
    select (
      select d.endpoint_id from webhook_deliveries d where d.state = 'waiting' and d.endpoint_id > w.endpoint_id
      order by d.endpoint_id limit 1
    ) from waiting w where w.endpoint_id is not null
  ), endpoints as materialized (
    select e.* from waiting w join webhook_endpoints e on e.id = w.endpoint_id
    where e.is_enabled and (e.failures > 0) = $2 and (e.rest_until is null or e.rest_until <= now()) and exists (
      select from webhook_deliveries d where d.endpoint_id = e.id and d.state = 'waiting' and d.due_at <= now()
        and (d.lease_until is null or d.lease_until <= now())
    )
    order by random() limit $1
    for no key update of e skip locked
  ), busy as materialized (
    select e.merchant_id, count(*) as under_way
    from webhook_endpoints e join webhook_deliveries d on d.endpoint_id = e.id
    where d.state = 'waiting' and d.lease_until > now() and e.merchant_id in (select merchant_id from endpoints)
    group by e.merchant_id
  ), next as (
    select d.id, e.id as endpoint_id, e.merchant_id, row_number() over (partition by e.merchant_id) as place
    from endpoints e cross join lateral (
      select id from webhook_deliveries where endpoint_id = e.id and state = 'waiting' and due_at <= now()
        and (lease_until is null or lease_until <= now())
      order by due_at, id limit greatest(0, $3::int - (
        select count(*) from webhook_deliveries where endpoint_id = e.id and state = 'waiting' and lease_until > now()
      ))
    ) d
  ), due as (
    select next.id, next.endpoint_id from next left join busy using (merchant_id)
    where next.place <= $5::int - coalesce(busy.under_way, 0) limit $1
  ), taken as (
    update webhook_deliveries d
    set lease_until = now() + $4::float8 * interval '1 ms', tries = tries + 1, last_try_at = now()
    from due
    -- Looked at again as it is now: somebody else may have taken it since this statement began.
    where d.id = due.id and d.state = 'waiting' and d.due_at <= now() and (d.lease_until is null or d.lease_until <= now())
    returning d.id, d.endpoint_id, d.event_id, d.tries
  )
  select t.id, t.endpoint_id as "endpointId", e.merchant_id as "merchantId", e.url, e.secret_version as "secretVersion",
    coalesce(e.previous_secret_until > now(), false) as "isPreviousGood", t.event_id as "eventId", m.body, t.tries
  from taken t join endpoints e on e.id = t.endpoint_id join merchant_events m on m.id = t.event_id
  order by t.id`;

/** Deliveries that are due, as those of the caller until the lease is over. */
export async function takeDeliveries(
  database: Pool,
  asked: {
    readonly limit: number;
    readonly isFailing: boolean;
    readonly perEndpoint: number;
    readonly perMerchant: number;
    readonly leaseMs: number;
  },
): Promise<DueDelivery[]> {
  const { rows } = await database.query<DueDelivery>({
    name: 'take-deliveries',
    text: TAKE,
    values: [asked.limit, asked.isFailing, asked.perEndpoint, asked.leaseMs, asked.perMerchant],
  });
  return rows;
}
