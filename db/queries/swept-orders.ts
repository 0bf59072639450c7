import type { ClientBase, Pool } from 'pg';
import type { PaymentKind, PaymentStatus } from '../../contracts/orders/payments.ts';
import type { OrderSource } from '../../contracts/orders/sources.ts';
import type { OrderState } from '../../contracts/orders/states.ts';

/** An order as reconciliation looks at it. */
export interface SweptOrder {
  readonly id: string;
  readonly source: OrderSource;
  /** Of orders of a drop, as its region. */
  readonly dropId: string | null;
  readonly region: string | null;
  readonly shopperId: string;
  readonly status: OrderState;
  readonly holdUntilMs: number;
  /** When its row, or that of one of its payments, was last written. */
  readonly changedMs: number;
  readonly wasConfirmed: boolean;
  readonly review: 'approved' | 'rejected' | null;
  readonly payments: readonly SweptPayment[];
  /** Of orders of the store: what became of the units that were set aside for them. */
  readonly units: { readonly held: number; readonly sold: number; readonly released: number };
}

export interface SweptPayment {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly kind: PaymentKind | null;
  readonly provider: string | null;
  readonly amountMinor: number;
  readonly refundedMinor: number;
  /** Null when nobody has it before them. */
  readonly dueMs: number | null;
  /** The refund of it that is not done: under way, or refused by the provider. */
  readonly refund: 'PENDING' | 'REFUSED' | null;
}

/* By the primary key, whose ids are times: the months and the orders outside of the window are never read. */
const SWEEP = `
  select o.id, o.source, o.drop_id as "dropId", o.region, o.shopper_id as "shopperId", o.status,
    coalesce(extract(epoch from o.hold_until) * 1000, 0)::float8 as "holdUntilMs",
    (extract(epoch from greatest(o.updated_at, p.updated_at)) * 1000)::float8 as "changedMs",
    o.status = 'CANCELLED' and exists (
      select from order_status_history h where h.order_id = o.id and h.status = 'CONFIRMED'
    ) as "wasConfirmed",
    (select decision from order_reviews r where r.order_id = o.id) as review, p.payments, u.units
  from (
    select * from orders where id > $1::uuid and id < $2::uuid and ($4::uuid is null or drop_id = $4)
    order by id limit $3
  ) o
  cross join lateral (
    select max(p.updated_at) as updated_at, coalesce(json_agg(json_build_object(
      'id', p.id, 'status', p.status, 'kind', p.kind, 'provider', p.provider,
      'amountMinor', p.amount_minor, 'refundedMinor', p.refunded_minor,
      'dueMs', extract(epoch from p.due_at) * 1000,
      'refund', case when p.captured_at is not null then (
        select min(r.status) from refunds r where r.order_id = o.id and r.payment_id = p.id and r.status <> 'DONE'
      ) end
    )), '[]') as payments
    from payments p where p.order_id = o.id
  ) p
  cross join lateral (
    select json_build_object(
      'held', coalesce(sum(quantity) filter (where r.status = 'HELD'), 0),
      'sold', coalesce(sum(quantity) filter (where r.status = 'SOLD'), 0),
      'released', coalesce(sum(quantity) filter (where r.status = 'RELEASED'), 0)
    ) as units
    from reservations r where o.source = 'store' and r.order_id = o.id
  ) u
  order by o.id`;

export interface Sweep {
  /** Exclusive; ids, or the first id of a time. */
  readonly afterId: string;
  readonly beforeId: string;
  readonly most: number;
  readonly dropId?: string;
}

export async function sweptOrders(database: Pool | ClientBase, sweep: Sweep): Promise<SweptOrder[]> {
  const { rows } = await database.query<SweptOrder>({
    name: 'swept-orders',
    text: SWEEP,
    values: [sweep.afterId, sweep.beforeId, sweep.most, sweep.dropId ?? null],
  });
  return rows;
}
