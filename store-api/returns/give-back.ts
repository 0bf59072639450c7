import { LIMITS } from '../../contracts/limits.ts';
import type { StoredReturn } from '../../db/queries/returns/find-returns.ts';
import { paymentOfOrder } from '../../db/queries/returns/write-returns.ts';
import { askRefund } from '../../db/queries/store-payments/ask-refund.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

export interface GivenBack {
  readonly refundId: string | null;
  /** Without a refund, because the support has to ask for it. */
  readonly isForSupport: boolean;
}

const NOTHING: GivenBack = { refundId: null, isForSupport: false };

/**
 * Opens the refund of a return that has arrived; the payments worker makes it, and finishes the return with it. No refund
 * where nothing is to be given back: it cost nothing, or the support has given it back before.
 *
 * That cash was taken is only said by the merchant who delivers. It comes back into a wallet, as money of the shop: a
 * merchant who sells to themselves would make money of nothing. So the support decides about it.
 */
export async function giveBack(
  client: DatabaseClient,
  { nextId }: Pick<StoreServices, 'nextId'>,
  { orderId, refundMinor }: StoredReturn,
  { role }: Pick<Identity, 'role'>,
): Promise<GivenBack> {
  const payment = refundMinor === 0 ? undefined : await paymentOfOrder(client, orderId);
  if (payment === undefined) return NOTHING;
  if (payment.status === 'AUTHORIZED') {
    const detail = 'The cash of this order is not written down yet. Try again in a moment.';
    throw new Refusal('STEP_REFUSED', { detail });
  }
  if (payment.kind === 'cod' && role === 'merchant') return { refundId: null, isForSupport: true };
  const asked = { id: nextId(), orderId, paymentId: payment.id, reason: 'returned' };
  const answer = await askRefund(client, { ...asked, amountMinor: refundMinor }, LIMITS.refundsPerPayment);
  const given = { refundId: asked.id, isForSupport: false };
  if (answer.ok) return given;
  if (answer.problem !== 'too-large') throw new Refusal('NOT_REFUNDABLE');
  // Something was given back by hand meanwhile: never more than what is left.
  if (answer.leftMinor <= 0) return NOTHING;
  const rest = await askRefund(client, { ...asked, amountMinor: answer.leftMinor }, LIMITS.refundsPerPayment);
  if (!rest.ok) throw new Refusal('NOT_REFUNDABLE');
  return given;
}
