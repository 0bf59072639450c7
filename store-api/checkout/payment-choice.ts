/** How somebody wants to pay: a saved way of their own, or one that they say now. */

import { listPaymentMethods } from '../../db/queries/payment-methods.ts';
import type { Asking } from '../../platform/connections/postgres-together.ts';
import { hasCardNumber } from '../payment-methods/card-numbers.ts';
import { Refusal } from '../plugins/problems.ts';
import type { WhereForm } from './forms.ts';
import type { PaymentChoice } from './stored-checkout.ts';

export interface Payer {
  readonly userId: string;
  readonly isGuest: boolean;
}

type Said = Pick<WhereForm, 'paymentMethodId' | 'paymentMethod'>;

/** Undefined where nothing was said. */
export async function choiceOf(
  database: Asking,
  payer: Payer,
  { paymentMethodId, paymentMethod }: Said,
): Promise<PaymentChoice | undefined> {
  if (paymentMethodId !== undefined && paymentMethod !== undefined) {
    throw new Refusal('INVALID', { detail: 'A way to pay or the id of one, not both.' });
  }
  if (paymentMethodId !== undefined) {
    const saved = (await listPaymentMethods(database, payer.userId)).find(({ id }) => id === paymentMethodId);
    if (saved === undefined) throw new Refusal('NOT_FOUND', { detail: 'You have no way to pay with this id.' });
    return { kind: saved.kind, methodId: saved.id, token: saved.token };
  }
  if (paymentMethod === undefined) return undefined;
  if (hasCardNumber(paymentMethod)) throw new Refusal('CARD_NUMBER');
  if (paymentMethod.kind === 'wallet' && payer.isGuest) {
    throw new Refusal('METHOD_REFUSED', { detail: 'A guest has no wallet.' });
  }
  const token = 'token' in paymentMethod ? paymentMethod.token : null;
  return { kind: paymentMethod.kind, methodId: null, token };
}

/** In which ways it can be paid: what is saved first, then what anybody can say. */
export interface WayToPay {
  readonly kind: PaymentChoice['kind'];
  readonly methodId: string | null;
  readonly brand: string | null;
  readonly last4: string | null;
}

export async function waysToPay(database: Asking, payer: Payer): Promise<WayToPay[]> {
  const unsaved = { methodId: null, brand: null, last4: null };
  const always: WayToPay[] = [
    { kind: 'card', ...unsaved },
    { kind: 'cod', ...unsaved },
  ];
  if (payer.isGuest) return always;
  const saved = await listPaymentMethods(database, payer.userId);
  const unsavedWays: WayToPay[] = [{ kind: 'wallet', ...unsaved }, ...always];
  return [
    ...saved.map(({ id, kind, brand, last4 }) => ({ kind, methodId: id, brand, last4 })),
    // Another card can always be said; there is one wallet, and cash is cash.
    ...unsavedWays.filter((way) => way.kind === 'card' || !saved.some(({ kind }) => kind === way.kind)),
  ];
}
