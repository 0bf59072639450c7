/** Another try to pay an order: what it stands like, locked, and the row of the try. */
import type { ClientBase } from 'pg';
import type { PaymentKind, PaymentStatus } from '../../../contracts/orders/payments.ts';
import type { OrderSource } from '../../../contracts/orders/sources.ts';
import type { OrderState } from '../../../contracts/orders/states.ts';
import { exact } from '../../exact.ts';

export interface PayableOrder {
  readonly orderId: string;
  readonly shopperId: string;
  readonly source: OrderSource;
  readonly status: OrderState;
  readonly currency: string;
  readonly totalMinor: number;
  readonly isInTime: boolean;
  /** Somebody has looked at it and does not want it: it is about to be cancelled. */
  readonly isRejected: boolean;
  readonly attempts: readonly Attempt[];
}

export interface Attempt {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly kind: PaymentKind | null;
}

/* Two statements, the order first as everywhere: the second sees what the first has waited for. */
const LOCK_ORDER = `
  select id as "orderId", shopper_id as "shopperId", source, status, currency, total_minor as "totalMinor",
    coalesce(hold_until > now(), false) as "isInTime",
    exists (select from order_reviews where order_id = $1 and decision = 'rejected') as "isRejected"
  from orders where id = $1 for no key update`;
const LOCK_ATTEMPTS = 'select id, status, kind from payments where order_id = $1 order by id for no key update';

/** Locked until the caller's transaction ends: nobody else tries, cancels or ends it meanwhile. */
export async function lockPayableOrder(client: ClientBase, orderId: string): Promise<PayableOrder | undefined> {
  type Row = Omit<PayableOrder, 'attempts' | 'totalMinor'> & { readonly totalMinor: string | number };
  const { rows } = await client.query<Row>({ name: 'lock-payable-order', text: LOCK_ORDER, values: [orderId] });
  const row = rows[0];
  if (row === undefined) return undefined;
  const attempts = await client.query<Attempt>({ name: 'lock-attempts', text: LOCK_ATTEMPTS, values: [orderId] });
  return { ...row, totalMinor: exact(row.totalMinor), attempts: attempts.rows };
}

export interface WayToPay {
  readonly kind: PaymentKind;
  /** The provider's name for a card. */
  readonly token: string | null;
}

const CHOOSE = `
  update payments set kind = $3, method_token = $4, due_at = now(), updated_at = now()
  where order_id = $1 and id = $2 and status = 'PENDING' and kind is null`;

/** For the payment of an order whose shopper had not said how to pay. */
export async function choosePayment(
  client: ClientBase,
  { orderId, id }: { readonly orderId: string; readonly id: string },
  { kind, token }: WayToPay,
): Promise<void> {
  await client.query({ name: 'choose-payment', text: CHOOSE, values: [orderId, id, kind, token] });
}

const INSERT = `
  insert into payments (order_id, id, currency, amount_minor, kind, method_token, due_at)
  values ($1, $2, $3, $4, $5, $6, now())`;

export async function insertAttempt(
  client: ClientBase,
  { orderId, currency, totalMinor }: PayableOrder,
  id: string,
  { kind, token }: WayToPay,
): Promise<void> {
  const values = [orderId, id, currency, totalMinor, kind, token];
  await client.query({ name: 'insert-attempt', text: INSERT, values });
}
