import type { ClientBase, Pool } from 'pg';
import type { PaymentKind, PaymentStatus } from '../../../contracts/orders/payments.ts';
import type { OrderState } from '../../../contracts/orders/states.ts';
import { exact } from '../../exact.ts';

export interface FoundPayment {
  readonly id: string;
  readonly orderId: string;
  readonly shopperId: string;
  /** Who sells all of the order; null where several do. */
  readonly merchantId: string | null;
  readonly orderStatus: OrderState;
  readonly status: PaymentStatus;
  readonly kind: PaymentKind | null;
  readonly currency: string;
  readonly amountMinor: number;
  readonly refundedMinor: number;
  readonly failure: string | null;
  /** Where the shopper has to confirm it (3-D Secure), while the provider waits for that. */
  readonly actionUrl: string | null;
  readonly createdAtMs: number;
  readonly capturedAtMs: number | null;
  readonly refunds: readonly FoundRefund[];
}

export interface FoundRefund {
  readonly id: string;
  readonly status: 'PENDING' | 'DONE' | 'REFUSED';
  readonly amountMinor: number;
  readonly reason: string;
  readonly createdAtMs: number;
}

/* A first attempt has the id of its order; later ones are in an index of their own. */
const FIND = `
  select p.id, p.order_id as "orderId", p.status, p.kind, p.currency, p.amount_minor as "amountMinor",
    p.refunded_minor as "refundedMinor", p.failure, p.action_url as "actionUrl",
    (extract(epoch from p.created_at) * 1000)::float8 as "createdAtMs",
    (extract(epoch from p.captured_at) * 1000)::float8 as "capturedAtMs",
    o.shopper_id as "shopperId", o.status as "orderStatus",
    case when o.drop_id is not null then (select merchant_id from drops where id = o.drop_id) else (
      select (array_agg(distinct merchant_id))[1] from order_items where order_id = p.order_id
      having count(distinct merchant_id) = 1 and count(merchant_id) = count(*)
    ) end as "merchantId",
    array(
      select json_build_object(
        'id', r.id, 'status', r.status, 'amountMinor', r.amount_minor, 'reason', r.reason,
        'createdAtMs', round(extract(epoch from r.created_at) * 1000)
      ) from refunds r where r.order_id = p.order_id and r.payment_id = p.id order by r.created_at, r.id
    ) as refunds
  from (
    select * from payments where order_id = $1 and id = $1
    union all
    select * from payments where id = $1 and id <> order_id
  ) p
  join lateral (select shopper_id, status, drop_id from orders where id = p.order_id limit 1) o on true`;

export async function findPayment(database: Pool | ClientBase, id: string): Promise<FoundPayment | undefined> {
  type Row = Omit<FoundPayment, 'amountMinor' | 'refundedMinor'> & {
    readonly amountMinor: string | number;
    readonly refundedMinor: string | number;
  };
  const { rows } = await database.query<Row>({ name: 'find-payment', text: FIND, values: [id] });
  const row = rows[0];
  if (row === undefined) return undefined;
  return { ...row, amountMinor: exact(row.amountMinor), refundedMinor: exact(row.refundedMinor) };
}
