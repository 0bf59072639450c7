import type { ClientBase } from 'pg';
import { INTERVALS } from '../../contracts/limits.ts';
import type { PaymentStatus } from '../../contracts/orders/payments.ts';
import { boundsOf } from './take-due-payments.ts';

/** What became of a try to pay. */
export interface PaymentOutcome {
  readonly orderId: string;
  readonly id: string;
  readonly from: PaymentStatus;
  readonly to: PaymentStatus;
  readonly ref: string | null;
  readonly failure: string | null;
  readonly actionUrl: string | null;
}

/*
 * What is taken a second time for the same order is written as what it is: a surplus. Once it is known what became of the
 * payment, the lease is a short one ($10): what is left to be done asks only our own servers.
 */
const WRITE = `
  with outcomes as materialized (
    select * from unnest(
      $1::uuid[], $2::uuid[], $3::payment_status[], $4::payment_status[], $5::text[], $6::text[], $7::text[]
    ) as outcome (order_id, id, from_status, to_status, ref, failure, action_url)
  )
  update payments p set
    status = case
        when to_status = 'CAPTURED' and exists (
          select from payments other
          where other.order_id = p.order_id and other.order_id between $8::uuid and $9::uuid
            and other.id <> p.id and other.status in ('CAPTURED', 'AUTHORIZED')
        ) then 'SURPLUS' else to_status end,
      provider_ref = coalesce(ref, p.provider_ref), failure = outcomes.failure, action_url = outcomes.action_url,
      captured_at = case when to_status = 'CAPTURED' then now() end, updated_at = now(),
      due_at = case when to_status = 'PENDING' then due_at else least(due_at, now() + $10::float8 * interval '1 millisecond') end
    from outcomes
    where p.order_id = outcomes.order_id and p.id = outcomes.id and p.status = from_status
      and p.order_id between $8::uuid and $9::uuid
    returning p.id, p.status`;

/** Inside the caller's transaction. Answers with the status of those that were still as `from` says, by payment. */
export async function writePaymentOutcomes(
  client: ClientBase,
  outcomes: readonly PaymentOutcome[],
): Promise<ReadonlyMap<string, PaymentStatus>> {
  if (outcomes.length === 0) return new Map();
  const batch = outcomes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const column = <T>(read: (outcome: PaymentOutcome) => T): T[] => batch.map(read);
  const orderIds = column(({ orderId }) => orderId);
  const { rows } = await client.query<{ id: string; status: PaymentStatus }>({
    name: 'write-payment-outcomes',
    text: WRITE,
    values: [
      orderIds,
      column(({ id }) => id),
      column(({ from }) => from),
      column(({ to }) => to),
      column(({ ref }) => ref),
      column(({ failure }) => failure),
      column(({ actionUrl }) => actionUrl),
      ...boundsOf(orderIds),
      INTERVALS.paymentStepLeaseMs,
    ],
  });
  return new Map(rows.map(({ id, status }) => [id, status]));
}

export interface PaymentDue {
  readonly orderId: string;
  readonly id: string;
  /** Null when there is nothing more to do. */
  readonly inMs: number | null;
  /**
   * Its provider was never reached: another one may be asked the next time, unless somebody has taken the payment up
   * after the try with this number.
   */
  readonly freeAfterTry?: number;
}

/*
 * Whoever has a payment in hand has moved its time into the future. If it is over, somebody has woken the payment
 * meanwhile (a webhook, a review, the end of its order) or the lease has run out: then it stays due, and is looked at again.
 */
const SCHEDULE = `
  update payments set updated_at = now(),
    due_at = case when due_at <= clock_timestamp() then due_at else now() + due.in_ms * interval '1 millisecond' end,
    tries = case when due.in_ms is null then 0 else tries end,
    provider = case when due.free_after = tries and provider_ref is null then null else provider end
  from unnest($1::uuid[], $2::uuid[], $3::float8[], $4::int[]) as due (order_id, id, in_ms, free_after)
  where payments.order_id = due.order_id and payments.id = due.id and payments.order_id between $5::uuid and $6::uuid`;

export async function schedulePayments(client: ClientBase, payments: readonly PaymentDue[]): Promise<void> {
  if (payments.length === 0) return;
  const batch = payments.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const orderIds = batch.map(({ orderId }) => orderId);
  const values = [
    orderIds,
    batch.map(({ id }) => id),
    batch.map(({ inMs }) => inMs),
    batch.map(({ freeAfterTry }) => freeAfterTry ?? null),
    ...boundsOf(orderIds),
  ];
  await client.query({ name: 'schedule-payments', text: SCHEDULE, values });
}
