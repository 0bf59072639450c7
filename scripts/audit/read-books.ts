/** The books of the providers, by payment. */
import type { BookedCharge, PaymentProvider } from '../../commerce/payments/provider.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { BookedPayment } from './check-claim.ts';

/** Charges that are none of ours are left out; all others of this time are here, of other drops as well. */
export async function readBooks(
  providers: readonly PaymentProvider[],
  sinceMs: number,
): Promise<Map<string, BookedPayment>> {
  const books = new Map<string, BookedPayment>();
  for (const provider of providers) {
    for await (const charge of provider.booked(sinceMs)) {
      if (charge.paymentId === '') continue;
      books.set(charge.paymentId, withCharge(books.get(charge.paymentId), charge, provider.name));
      if (books.size > LIMITS.rebuildClaims) {
        throw new RangeError(`More than ${LIMITS.rebuildClaims} charges at the providers: use --no-provider.`);
      }
    }
  }
  return books;
}

const NOTHING: Omit<BookedPayment, 'orderId' | 'provider' | 'ref'> = {
  captures: 0,
  capturedMinor: 0,
  refundedMinor: 0,
};

function withCharge(known: BookedPayment | undefined, charge: BookedCharge, provider: string): BookedPayment {
  const isCaptured = charge.capturedMinor > 0;
  const before = known ?? { ...NOTHING, orderId: charge.orderId, provider, ref: charge.ref };
  return {
    ...before,
    ...(isCaptured ? { provider, ref: charge.ref } : {}),
    captures: before.captures + (isCaptured ? 1 : 0),
    capturedMinor: before.capturedMinor + charge.capturedMinor,
    refundedMinor: before.refundedMinor + charge.refundedMinor,
  };
}
