/** What becomes of a delivery after a try, and of the endpoint that it went to. */
import type { ClientBase, Pool } from 'pg';

export interface TriedDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** The try that it was: another one may have it by now, if this one took longer than its lease. */
  readonly tries: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
}

const NOTE = `last_status = $4, last_error = $5, last_answer = left($6, 4096), lease_until = null`;
const noteOf = ({ id, endpointId, tries, status, error, answer }: TriedDelivery) => [
  ...[id, endpointId, tries, status, error === null ? null : error.slice(0, 200), answer],
];

export async function noteDelivered(database: Pool, tried: TriedDelivery): Promise<void> {
  await database.query({
    name: 'note-delivered',
    text: `
      with delivered as (
        update webhook_deliveries set state = 'delivered', ended_at = now(), ${NOTE}
        where id = $1 and endpoint_id = $2 and tries = $3 and state = 'waiting'
      )
      update webhook_endpoints set failures = 0, failing_since = null, rest_until = null, last_success_at = now()
      where id = $2 and (failures > 0 or last_success_at is null or last_success_at < now() - interval '1 second')`,
    values: noteOf(tried),
  });
}

export interface FailedTry extends TriedDelivery {
  /** Null: it was the last one. */
  readonly againInMs: number | null;
  readonly restMinMs: number;
  readonly restMaxMs: number;
}

export interface FailingEndpoint {
  readonly merchantId: string;
  readonly url: string;
  readonly failures: number;
  readonly failingForMs: number;
}

/** Undefined where the endpoint is gone, or switched off already. */
export async function noteFailed(client: ClientBase, tried: FailedTry): Promise<FailingEndpoint | undefined> {
  const { rows } = await client.query<FailingEndpoint>({
    name: 'note-delivery-failed',
    text: `
      with failed as (
        update webhook_deliveries set ${NOTE},
          state = case when $7::float8 is null then 'dead' else 'waiting' end::webhook_delivery_state,
          ended_at = case when $7::float8 is null then now() end,
          due_at = coalesce(now() + $7::float8 * interval '1 ms', due_at)
        where id = $1 and endpoint_id = $2 and tries = $3 and state = 'waiting'
      )
      update webhook_endpoints set failures = failures + 1, failing_since = coalesce(failing_since, now()),
        rest_until = now() + least($9::float8, $8::float8 * 2 ^ least(failures, 20)) * (0.5 + random() / 2) * interval '1 ms'
      where id = $2 and is_enabled
      returning merchant_id as "merchantId", url, failures,
        (extract(epoch from now() - failing_since) * 1000)::float8 as "failingForMs"`,
    values: [...noteOf(tried), tried.againInMs, tried.restMinMs, tried.restMaxMs],
  });
  return rows[0];
}

/** What still waits is dead with it: it can be replayed once it is switched on again. */
export async function disableFailing(client: ClientBase, endpointId: string): Promise<void> {
  await client.query({
    name: 'disable-endpoint',
    text: `update webhook_endpoints set is_enabled = false, disabled_why = 'failing', updated_at = now() where id = $1`,
    values: [endpointId],
  });
  await client.query({
    name: 'end-deliveries-of-endpoint',
    text: `
      update webhook_deliveries set state = 'dead', ended_at = now(), lease_until = null, last_error = 'switched off'
      where endpoint_id = $1 and state = 'waiting'`,
    values: [endpointId],
  });
}

/** Deletes events of before then with all their deliveries, found by the time in their ids; says how many. */
export async function pruneMerchantEvents(database: Pool, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await database.query({
    name: 'prune-merchant-events',
    text: `
      delete from merchant_events where id = any (array(
        select id from merchant_events
        where id < (lpad(to_hex($1::double precision::bigint), 12, '0') || repeat('0', 20))::uuid order by id limit $2
      ))`,
    values: [beforeMs, limit],
  });
  return rowCount ?? 0;
}
