/** Refunds from their making to their end. Each is one row, whose id is the idempotency key towards the provider. */
import type { ClientBase, Pool } from 'pg';
import type { PaymentKind, PaymentStatus } from '../../contracts/orders/payments.ts';
import { exact } from '../exact.ts';
import { boundsOf } from './take-due-payments.ts';

export interface NewRefund {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly reason: string;
}

const OPEN = `
  insert into refunds (id, order_id, payment_id, amount_minor, reason)
  select refund.id, p.order_id, p.id, p.amount_minor - p.refunded_minor - under_way.amount, refund.reason
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) as refund (id, order_id, payment_id, reason)
  join payments p on p.order_id = refund.order_id and p.id = refund.payment_id
  cross join lateral (
    select coalesce(sum(amount_minor), 0)::bigint as amount from refunds r
    where r.order_id = p.order_id and r.payment_id = p.id and r.status = 'PENDING'
  ) under_way
  where p.order_id between $5::uuid and $6::uuid and p.status in ('CAPTURED', 'SURPLUS')
    and p.amount_minor > p.refunded_minor + under_way.amount
  returning payment_id as "paymentId"`;

const LOCK = `
  select from payments where id = any ($1::uuid[]) and order_id = any ($2::uuid[])
    and order_id between $3::uuid and $4::uuid order by id for update`;

/**
 * Gives back all of what was taken and is neither given back yet nor on its way, inside the caller's transaction. Answers
 * with the payments for which a refund was opened.
 */
export async function openRefunds(client: ClientBase, refunds: readonly NewRefund[]): Promise<ReadonlySet<string>> {
  if (refunds.length === 0) return new Set();
  const orderIds = refunds.map(({ orderId }) => orderId);
  // A statement of its own, so that the next one sees what another transaction has opened in the meantime.
  await client.query(LOCK, [refunds.map(({ paymentId }) => paymentId), orderIds, ...boundsOf(orderIds)]);
  const { rows } = await client.query<{ paymentId: string }>({
    name: 'open-refunds',
    text: OPEN,
    values: [
      refunds.map(({ id }) => id),
      orderIds,
      refunds.map(({ paymentId }) => paymentId),
      refunds.map(({ reason }) => reason),
      ...boundsOf(orderIds),
    ],
  });
  return new Set(rows.map(({ paymentId }) => paymentId));
}

export interface DueRefund {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly tries: number;
  readonly kind: PaymentKind | null;
  readonly provider: string | null;
  readonly providerRef: string | null;
  readonly shopperId: string;
  readonly title: string;
}

const TAKE = `
  with due as materialized (
    select id from refunds where due_at <= now() order by due_at limit $1 for update skip locked
  ), taken as (
    update refunds r set due_at = now() + $2::float8 * interval '1 millisecond', tries = least(tries + 1, 30000)
    from due where r.id = due.id
    returning r.id, r.order_id, r.payment_id, r.amount_minor, r.tries
  )
  select taken.id, taken.order_id as "orderId", taken.payment_id as "paymentId", taken.amount_minor as "amountMinor",
    taken.tries, p.currency, p.kind, p.provider, p.provider_ref as "providerRef", o.shopper_id as "shopperId", item.title
  from taken
  join lateral (
    select currency, kind, provider, provider_ref from payments
    where order_id = taken.order_id and id = taken.payment_id limit 1
  ) p on true
  join lateral (select shopper_id from orders where id = taken.order_id limit 1) o on true
  join lateral (select title from order_items where order_id = taken.order_id order by line limit 1) item on true
  order by taken.id`;

/** One statement: the lease is taken with the refund, and over by itself. */
export async function takeDueRefunds(client: ClientBase | Pool, most: number, leaseMs: number): Promise<DueRefund[]> {
  type Row = Omit<DueRefund, 'amountMinor'> & { readonly amountMinor: string | number };
  const { rows } = await client.query<Row>({ name: 'take-due-refunds', text: TAKE, values: [most, leaseMs] });
  return rows.map((row) => ({ ...row, amountMinor: exact(row.amountMinor) }));
}

/* Whoever paid cash may never have had a wallet. */
const OPEN_WALLETS = `
  insert into ledger_accounts (id, kind, owner_id, currency)
  select uuidv7(), 'wallet', shopper_id, currency from (
    select distinct o.shopper_id, p.currency
    from refunds r
    join payments p on p.order_id = r.order_id and p.id = r.payment_id
    join orders o on o.id = r.order_id
    where r.id = any ($1::uuid[]) and p.order_id between $2::uuid and $3::uuid and o.id between $2::uuid and $3::uuid
  ) owners
  on conflict (kind, owner_id, currency, provider, shard) do nothing`;

const TO_WALLETS = `
  with asked as materialized (
    select r.id, r.order_id, r.amount_minor, p.currency, o.shopper_id
    from refunds r
    join payments p on p.order_id = r.order_id and p.id = r.payment_id
    join orders o on o.id = r.order_id
    where r.id = any ($1::uuid[]) and r.status = 'PENDING' and p.order_id between $2::uuid and $3::uuid
      and o.id between $2::uuid and $3::uuid
    order by r.id for update of r
  ), wallets as materialized (
    select id, owner_id, currency from ledger_accounts
    where kind = 'wallet' and (owner_id, currency) in (select shopper_id, currency from asked)
    order by id for no key update
  ), sales as materialized (
    select shop_account('sales', currency) as id, currency from (select distinct currency from asked) currencies
  ), moved as materialized (
    select asked.id, asked.order_id, asked.amount_minor, wallets.id as wallet, sales.id as sales
    from asked
    join wallets on wallets.owner_id = asked.shopper_id and wallets.currency = asked.currency
    join sales on sales.currency = asked.currency
  ), transfers as (
    insert into ledger_transfers (id, kind, order_id) select id, 'refund', order_id from moved
  ), entries as (
    insert into ledger_entries (transfer_id, account_id, amount_minor)
    select id, wallet, amount_minor from moved
    union all
    select id, sales, -amount_minor from moved
  )
  select id from moved`;

/** Back into the wallets, inside the transaction that finishes these refunds. */
export async function refundToWallets(
  client: ClientBase,
  refunds: readonly Pick<DueRefund, 'id' | 'orderId'>[],
): Promise<ReadonlySet<string>> {
  if (refunds.length === 0) return new Set();
  const values = [refunds.map(({ id }) => id), ...boundsOf(refunds.map(({ orderId }) => orderId))];
  await client.query({ name: 'open-wallets', text: OPEN_WALLETS, values });
  const { rows } = await client.query<{ id: string }>({ name: 'refund-to-wallets', text: TO_WALLETS, values });
  return new Set(rows.map(({ id }) => id));
}

export interface FinishedRefund {
  readonly id: string;
  readonly orderId: string;
  readonly ref: string | null;
  /** Why the provider refused; null when it is done. */
  readonly failure: string | null;
}

export interface RefundedPayment {
  readonly refundId: string;
  readonly orderId: string;
  readonly paymentStatus: PaymentStatus;
  /** Nothing of it is left with the shop. */
  readonly whole: boolean;
}

/*
 * Refunds of one payment end one after the other, and say when in that order, whichever transaction began first: what a
 * merchant has in one of them depends on those before it (commerce/settlement/movements.ts).
 */
const LOCK_PAYMENTS = `
  select from payments p where (p.order_id, p.id) in (select order_id, payment_id from refunds where id = any ($1::uuid[]))
    and p.order_id between $2::uuid and $3::uuid order by p.id for update`;

const FINISH = `
  with ended as materialized (
    select * from unnest($1::uuid[], $2::text[], $3::text[]) as ended (id, ref, failure)
  ), finished as (
    update refunds r set
      status = case when ended.failure is null then 'DONE' else 'REFUSED' end::refund_status,
      done_at = case when ended.failure is null then clock_timestamp() end,
      provider_ref = coalesce(ended.ref, r.provider_ref), failure = ended.failure, due_at = null
    from ended where r.id = ended.id and r.status = 'PENDING'
    returning r.id, r.order_id, r.payment_id, r.amount_minor, r.status
  ), given as (
    update payments p set refunded_minor = p.refunded_minor + sums.amount, updated_at = now()
    from (
      select order_id, payment_id, sum(amount_minor)::bigint as amount from finished
      where status = 'DONE' group by order_id, payment_id
    ) sums
    where p.order_id = sums.order_id and p.id = sums.payment_id and p.order_id between $4::uuid and $5::uuid
    returning p.order_id, p.id, p.status, p.refunded_minor = p.amount_minor as whole
  )
  select finished.id as "refundId", finished.order_id as "orderId", given.status as "paymentStatus", given.whole
  from finished join given on given.order_id = finished.order_id and given.id = finished.payment_id`;

/** Answers with those that were done now. */
export async function finishRefunds(
  client: ClientBase,
  refunds: readonly FinishedRefund[],
): Promise<readonly RefundedPayment[]> {
  if (refunds.length === 0) return [];
  const ids = refunds.map(({ id }) => id);
  const bounds = boundsOf(refunds.map(({ orderId }) => orderId));
  await client.query({ name: 'lock-payments-of-refunds', text: LOCK_PAYMENTS, values: [ids, ...bounds] });
  const { rows } = await client.query<RefundedPayment>({
    name: 'finish-refunds',
    text: FINISH,
    values: [ids, refunds.map(({ ref }) => ref), refunds.map(({ failure }) => failure), ...bounds],
  });
  return rows;
}

const SCHEDULE = `
  update refunds r set due_at = now() + due.in_ms * interval '1 millisecond'
  from unnest($1::uuid[], $2::float8[]) as due (id, in_ms) where r.id = due.id and r.status = 'PENDING'`;

export async function scheduleRefunds(
  client: ClientBase,
  refunds: readonly { readonly id: string; readonly inMs: number }[],
): Promise<void> {
  if (refunds.length === 0) return;
  const values = [refunds.map(({ id }) => id), refunds.map(({ inMs }) => inMs)];
  await client.query({ name: 'schedule-refunds', text: SCHEDULE, values });
}
