import { LIMITS } from '../../contracts/limits.ts';
import type { StoredReturn } from '../../db/queries/returns/find-returns.ts';
import { paymentOfOrder } from '../../db/queries/returns/write-returns.ts';
import { askRefund } from '../../db/queries/store-payments/ask-refund.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

/**
 * Opens the refund of a return that has arrived; the payments worker makes it, and finishes the return with it. Null where
 * nothing is to be given back: it cost nothing, or the support has given it back before.
 */
export async function giveBack(
  client: DatabaseClient,
  { nextId }: Pick<StoreServices, 'nextId'>,
  { orderId, refundMinor }: StoredReturn,
): Promise<string | null> {
  const payment = refundMinor === 0 ? undefined : await paymentOfOrder(client, orderId);
  if (payment === undefined) return null;
  if (payment.status === 'AUTHORIZED') {
    const detail = 'The cash of this order is not written down yet. Try again in a moment.';
    throw new Refusal('STEP_REFUSED', { detail });
  }
  const asked = { id: nextId(), orderId, paymentId: payment.id, reason: 'returned' };
  const answer = await askRefund(client, { ...asked, amountMinor: refundMinor }, LIMITS.refundsPerPayment);
  if (answer.ok) return asked.id;
  if (answer.problem !== 'too-large') throw new Refusal('NOT_REFUNDABLE');
  // Something was given back by hand meanwhile: never more than what is left.
  if (answer.leftMinor <= 0) return null;
  const rest = await askRefund(client, { ...asked, amountMinor: answer.leftMinor }, LIMITS.refundsPerPayment);
  if (!rest.ok) throw new Refusal('NOT_REFUNDABLE');
  return asked.id;
}
