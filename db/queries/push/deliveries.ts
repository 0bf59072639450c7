import type { Pool } from 'pg';

export interface PushTarget {
  readonly userId: string;
  readonly subscriptionId: string;
  readonly name: string;
  /** Null of who has chosen none. */
  readonly language: string | null;
  readonly orderPush: boolean;
  readonly reminderPush: boolean;
}

/** The browsers of these people. */
export async function findPushTargets(database: Pool, userIds: readonly string[]): Promise<readonly PushTarget[]> {
  const { rows } = await database.query<PushTarget>({
    name: 'find-push-targets',
    text: `
      select s.user_id as "userId", s.id as "subscriptionId", u.name, p.language,
        coalesce(p.order_push, true) as "orderPush", coalesce(p.reminder_push, true) as "reminderPush"
      from push_subscriptions s join users u on u.id = s.user_id left join preferences p on p.user_id = s.user_id
      where s.user_id = any ($1::uuid[]) and u.status = 'active'`,
    values: [userIds],
  });
  return rows;
}

export interface NewPush {
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly template: string;
  readonly body: string;
  readonly untilMs: number;
}

/** The same event come again is known. A browser that was forgotten meanwhile is left out. */
export async function insertPushes(database: Pool, pushes: readonly NewPush[]): Promise<void> {
  if (pushes.length === 0) return;
  await database.query({
    name: 'insert-pushes',
    text: `
      insert into push_deliveries (event_id, subscription_id, template, body, until_at)
      select n.event_id, n.subscription_id, n.template, n.body, to_timestamp(n.until_ms / 1000)
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::float8[])
        as n (event_id, subscription_id, template, body, until_ms)
      join push_subscriptions s on s.id = n.subscription_id
      on conflict do nothing`,
    values: [
      ...[pushes.map((one) => one.eventId), pushes.map((one) => one.subscriptionId)],
      ...[pushes.map((one) => one.template), pushes.map((one) => one.body), pushes.map((one) => one.untilMs)],
    ],
  });
}

export interface DuePush {
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly userId: string;
  readonly template: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly body: string;
  readonly untilMs: number;
  /** With this one. */
  readonly tries: number;
}

const TAKE = `
  with due as (
    select event_id, subscription_id from push_deliveries
    where state = 'waiting' and due_at <= now() and (lease_until is null or lease_until <= now())
    order by due_at limit $1 for update skip locked
  ), taken as (
    update push_deliveries d set lease_until = now() + $2::float8 * interval '1 ms', tries = tries + 1
    from due where d.event_id = due.event_id and d.subscription_id = due.subscription_id
    returning d.*
  )
  select t.event_id as "eventId", t.subscription_id as "subscriptionId", s.user_id as "userId", t.template, s.endpoint, s.p256dh, s.auth, t.body,
    (extract(epoch from t.until_at) * 1000)::float8 as "untilMs", t.tries
  from taken t join push_subscriptions s on s.id = t.subscription_id`;

export async function takePushes(
  database: Pool,
  asked: { readonly limit: number; readonly leaseMs: number },
): Promise<DuePush[]> {
  const values = [asked.limit, asked.leaseMs];
  return (await database.query<DuePush>({ name: 'take-pushes', text: TAKE, values })).rows;
}

export type PushEnd =
  | { readonly state: 'sent' }
  | { readonly state: 'dead'; readonly error: string }
  | { readonly state: 'waiting'; readonly error: string; readonly inMs: number };

export async function notePush(
  database: Pool,
  { eventId, subscriptionId, tries }: DuePush,
  end: PushEnd,
): Promise<void> {
  await database.query({
    name: 'note-push',
    text: `
      with noted as (
        update push_deliveries set state = $4, last_error = left($5, 200), lease_until = null,
          due_at = now() + coalesce($6::float8, 0) * interval '1 ms'
        where event_id = $1 and subscription_id = $2 and tries = $3 and state = 'waiting'
        returning state
      )
      update push_subscriptions set last_success_at = now() where id = $2 and exists (select from noted where state = 'sent')`,
    values: [
      ...[eventId, subscriptionId, tries, end.state, end.state === 'sent' ? null : end.error],
      end.state === 'waiting' ? end.inMs : null,
    ],
  });
}

/** Not tried after all. */
export async function giveBackPush(
  database: Pool,
  { eventId, subscriptionId, tries }: DuePush,
  inMs: number,
): Promise<void> {
  await database.query({
    name: 'give-back-push',
    text: `
      update push_deliveries set lease_until = null, tries = tries - 1, due_at = now() + $4::float8 * interval '1 ms'
      where event_id = $1 and subscription_id = $2 and tries = $3 and state = 'waiting'`,
    values: [eventId, subscriptionId, tries, inMs],
  });
}

export async function prunePushes(database: Pool, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await database.query({
    name: 'prune-pushes',
    text: `
      delete from push_deliveries where ctid = any (array(
        select ctid from push_deliveries where until_at < to_timestamp($1::float8 / 1000) order by until_at limit $2
      ))`,
    values: [beforeMs, limit],
  });
  return rowCount ?? 0;
}
