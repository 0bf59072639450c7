import type { ClientBase } from 'pg';
import { exact } from '../../exact.ts';

export interface AskedRefund {
  /** The idempotency key towards the provider. */
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  /** All that is left unless given. */
  readonly amountMinor?: number;
  readonly reason: string;
}

export type RefundAnswer =
  | { readonly ok: true; readonly amountMinor: number; readonly currency: string }
  /** Nothing was taken. A surplus goes back by itself, so nothing is left of it unless the bank refused that. */
  | { readonly ok: false; readonly problem: 'not-taken' | 'too-many' }
  | { readonly ok: false; readonly problem: 'too-large'; readonly leftMinor: number; readonly currency: string };

const LOCK = `
  select status in ('CAPTURED', 'SURPLUS') as "isTaken", currency, amount_minor - refunded_minor as left from payments
  where order_id = $1 and id = $2 for no key update`;
/* By itself, so that it sees what another has asked for while this one waited for the lock. */
const UNDER_WAY = `
  select count(*)::int as count, coalesce(sum(amount_minor) filter (where status = 'PENDING'), 0)::bigint as amount
  from refunds where order_id = $1 and payment_id = $2`;
const INSERT = 'insert into refunds (id, order_id, payment_id, amount_minor, reason) values ($1, $2, $3, $4, $5)';

/**
 * Opens a refund, inside the caller's transaction; the payments worker makes it. Never more than what was taken and is
 * neither given back nor on its way, whoever asks at the same time: they wait here for the row of the payment.
 */
export async function askRefund(client: ClientBase, asked: AskedRefund, mostRefunds: number): Promise<RefundAnswer> {
  const { id, orderId, paymentId, reason } = asked;
  const name = [orderId, paymentId];
  const payments = await client.query<{ isTaken: boolean; currency: string; left: string | number }>({
    ...{ name: 'lock-refundable', text: LOCK, values: name },
  });
  const payment = payments.rows[0];
  if (payment === undefined || !payment.isTaken) return { ok: false, problem: 'not-taken' };
  const others = await client.query<{ count: number; amount: string | number }>({
    ...{ name: 'refunds-under-way', text: UNDER_WAY, values: name },
  });
  const { count = 0, amount = 0 } = others.rows[0] ?? {};
  const { currency } = payment;
  const leftMinor = exact(payment.left) - exact(amount);
  const amountMinor = asked.amountMinor ?? leftMinor;
  if (amountMinor > leftMinor || amountMinor <= 0) return { ok: false, problem: 'too-large', leftMinor, currency };
  if (count >= mostRefunds) return { ok: false, problem: 'too-many' };
  await client.query({ name: 'ask-refund', text: INSERT, values: [id, ...name, amountMinor, reason] });
  return { ok: true, amountMinor, currency };
}
