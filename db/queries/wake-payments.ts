/** Gives back to the payments worker what it has forgotten. Whatever it has before it already is left alone. */
import type { ClientBase, Pool } from 'pg';
import { boundsOf } from './take-due-payments.ts';

export interface PaymentName {
  readonly orderId: string;
  readonly id: string;
}

const WAKE = `
  update payments p set due_at = now(), updated_at = now()
  from unnest($1::uuid[], $2::uuid[]) as asleep (order_id, id)
  where p.order_id = asleep.order_id and p.id = asleep.id and p.due_at is null
    and p.order_id between $3::uuid and $4::uuid
  returning p.id`;

/** Answers with those that were woken. */
export async function wakePayments(
  database: Pool | ClientBase,
  payments: readonly PaymentName[],
): Promise<ReadonlySet<string>> {
  if (payments.length === 0) return new Set();
  const batch = payments.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const orderIds = batch.map(({ orderId }) => orderId);
  const { rows } = await database.query<{ id: string }>({
    name: 'wake-payments',
    text: WAKE,
    values: [orderIds, batch.map(({ id }) => id), ...boundsOf(orderIds)],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Its orders are cancelled, so the money is on its way back: nobody else may open a refund for it meanwhile. */
export async function lockPayments(client: ClientBase, payments: readonly PaymentName[]): Promise<void> {
  const orderIds = payments.map(({ orderId }) => orderId);
  await client.query(
    `select from payments where order_id = any ($1::uuid[]) and id = any ($2::uuid[])
       and order_id between $3::uuid and $4::uuid order by order_id, id for update`,
    [orderIds, payments.map(({ id }) => id), ...boundsOf(orderIds)],
  );
}

export interface StuckRefund {
  readonly id: string;
  readonly orderId: string;
  readonly dropId: string | null;
}

export async function stuckRefunds(
  database: Pool | ClientBase,
  beforeMs: number,
  most: number,
  dropId: string | undefined,
): Promise<StuckRefund[]> {
  const { rows } = await database.query<StuckRefund>(
    `select r.id, r.order_id as "orderId", o.drop_id as "dropId"
     from refunds r join orders o on o.id = r.order_id
     where r.status = 'PENDING' and r.due_at is null and r.created_at < to_timestamp($1::float8 / 1000)
       and ($3::uuid is null or o.drop_id = $3)
     order by r.created_at limit $2`,
    [beforeMs, most, dropId ?? null],
  );
  return rows;
}

export async function wakeRefunds(
  database: Pool | ClientBase,
  refundIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ id: string }>(
    `update refunds set due_at = now() where id = any ($1::uuid[]) and status = 'PENDING' and due_at is null returning id`,
    [refundIds],
  );
  return new Set(rows.map(({ id }) => id));
}

export interface BookedName {
  readonly orderId: string;
  readonly id: string;
  readonly provider: string;
  readonly ref: string;
}

export interface PaymentOfCharge {
  readonly orderId: string;
  readonly id: string;
  readonly dropId: string | null;
  readonly provider: string | null;
  readonly ref: string | null;
  readonly status: string;
  readonly isDue: boolean;
}

const FIND_BOOKED = `
  select p.order_id as "orderId", p.id, o.drop_id as "dropId", p.provider, p.provider_ref as ref, p.status, p.due_at is not null as "isDue"
  from unnest($1::uuid[], $2::uuid[]) as booked (order_id, id)
  join payments p on p.order_id = booked.order_id and p.id = booked.id
  join orders o on o.id = p.order_id
  where p.order_id between $3::uuid and $4::uuid and o.id between $3::uuid and $4::uuid`;

/** The payments that these charges are of, whatever became of them here. */
export async function paymentsOfCharges(
  database: Pool | ClientBase,
  charges: readonly BookedName[],
): Promise<ReadonlyMap<string, PaymentOfCharge>> {
  if (charges.length === 0) return new Map();
  const orderIds = charges.map(({ orderId }) => orderId);
  const { rows } = await database.query<PaymentOfCharge>({
    name: 'payments-of-charges',
    text: FIND_BOOKED,
    values: [orderIds, charges.map(({ id }) => id), ...boundsOf(orderIds)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

const ADOPT = `
  update payments p set provider = coalesce(p.provider, booked.provider),
    provider_ref = case when p.provider is null or p.provider = booked.provider
      then coalesce(p.provider_ref, booked.ref) else p.provider_ref end,
    due_at = now(), updated_at = now()
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as booked (order_id, id, provider, ref)
  where p.order_id = booked.order_id and p.id = booked.id and p.due_at is null and p.status = 'PENDING'
    and p.order_id between $5::uuid and $6::uuid
  returning p.id`;

/** What a provider has taken and its payment does not know: writes down where, and wakes it. */
export async function adoptCharges(
  database: Pool | ClientBase,
  charges: readonly BookedName[],
): Promise<ReadonlySet<string>> {
  if (charges.length === 0) return new Set();
  const batch = charges.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const orderIds = batch.map(({ orderId }) => orderId);
  const { rows } = await database.query<{ id: string }>({
    name: 'adopt-charges',
    text: ADOPT,
    values: [
      ...[orderIds, batch.map(({ id }) => id)],
      ...[batch.map(({ provider }) => provider), batch.map(({ ref }) => ref)],
      ...boundsOf(orderIds),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}
