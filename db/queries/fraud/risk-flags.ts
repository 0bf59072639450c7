/** What makes a device suspicious, found in sessions and payments. A flag that a person wrote has no end and stays as it is. */
import type { ClientBase, Pool } from 'pg';
import { LIFETIMES, LIMITS } from '../../../contracts/limits.ts';

const WRITE = `
  insert into risk_flags (user_id, flag, at, reason, expires_at)
  select user_id, 'suspicious-device', $1::timestamptz, reason, $2::timestamptz from found
  on conflict (user_id, flag) do update
    set at = excluded.at, reason = excluded.reason, expires_at = excluded.expires_at
    where risk_flags.expires_at is not null
  returning (xmax = 0) as "isNew"`;

/*
 * Accounts that were made within the window, on one device: a family has one device for years, a farm makes its accounts
 * in an afternoon. Devices that nobody signed in on since the last look ($5) have not changed.
 */
const SHARED = `
  with recent as (
    select distinct address, client from sessions
    where id >= $5::uuid and address <> '' and client <> '' and address not in ('127.0.0.1', '::', 'unknown')
    limit $6::bigint
  ), young as materialized (
    select r.address, r.client, s.user_id
    from recent r cross join lateral (
      select distinct s.user_id from sessions s join users u on u.id = s.user_id
      where s.address = r.address and s.client = r.client and s.address <> '' and s.client <> ''
        and s.created_at > $3::timestamptz and u.created_at > $3::timestamptz
      limit $7::bigint
    ) s
  ), shared as (
    select address, client, count(*) as accounts from young group by address, client having count(*) >= $4::bigint
  ), found as (
    select user_id, format('%s new accounts on one device within a day', max(accounts)) as reason
    from young join shared using (address, client) group by user_id
  ) ${WRITE}`;

const FAILING = `
  with shoppers as (
    select distinct shopper_id as user_id from orders where id = any ($5::uuid[])
  ), failing as (
    select user_id, count(*) as tries, count(distinct p.method_token) as cards
    from shoppers join orders o on o.shopper_id = user_id join payments p on p.order_id = o.id
    where o.id >= $3::uuid and p.order_id >= $3::uuid and p.status = 'FAILED'
    group by user_id
  ), found as (
    select user_id, format('%s failed payments with %s cards within a day', tries, cards) as reason
    from failing where tries >= $4::bigint and cards >= $6::bigint
  ) ${WRITE}`;

export interface Flagging {
  readonly now: Date;
  readonly expiresAt: Date;
}

/** How many shoppers were flagged who were not. */
export async function flagSharedDevices(
  database: Pool | ClientBase,
  {
    now,
    expiresAt,
    sinceId,
  }: Flagging & { /** The first id of the sessions that are new. */ readonly sinceId: string },
): Promise<number> {
  const since = new Date(now.getTime() - LIFETIMES.riskWindowMs);
  const bounds = [LIMITS.riskDevicesPerLook, LIMITS.riskSessionsPerDevice];
  const values = [now, expiresAt, since, LIMITS.riskAccountsPerDevice, sinceId, ...bounds];
  return await flag(database, { name: 'flag-shared-devices', text: SHARED, values });
}

/** Of the shoppers of these orders, whose payments just failed. */
export async function flagFailedPayments(
  database: Pool | ClientBase,
  { now, expiresAt, orderIds, fromId }: Flagging & { readonly orderIds: readonly string[]; readonly fromId: string },
): Promise<number> {
  if (orderIds.length === 0) return 0;
  const values = [now, expiresAt, fromId, LIMITS.riskFailedPayments, orderIds, LIMITS.riskFailedCards];
  return await flag(database, { name: 'flag-failed-payments', text: FAILING, values });
}

async function flag(
  database: Pool | ClientBase,
  query: { readonly name: string; readonly text: string; readonly values: unknown[] },
): Promise<number> {
  const { rows } = await database.query<{ isNew: boolean }>(query);
  return rows.filter(({ isNew }) => isNew).length;
}

/** Those whose time is over. */
export async function endRiskFlags(database: Pool | ClientBase, now: Date, limit: number): Promise<number> {
  const text = `
    delete from risk_flags where ctid = any (array(
      select ctid from risk_flags where expires_at <= $1::timestamptz order by expires_at limit $2
    ))`;
  return (await database.query({ name: 'end-risk-flags', text, values: [now, limit] })).rowCount ?? 0;
}
