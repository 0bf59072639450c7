import type { Book } from './book.ts';
import { paymentOf } from './calls.ts';

/** What became of one payment of ours, over all intents that name it. */
export interface PaymentInBooks {
  intents: number;
  /** More than one, and somebody paid twice. */
  captures: number;
  capturedMinor: number;
  refundedMinor: number;
  refunds: number;
}

/** By the payment's own id, for tests and audits; of one payment, or of all. */
export function booksByPayment(book: Book, paymentId: string | undefined): Readonly<Record<string, PaymentInBooks>> {
  const found: Record<string, PaymentInBooks> = {};
  for (const intent of book.allIntents()) {
    const id = paymentOf(intent);
    if (paymentId !== undefined && id !== paymentId) continue;
    found[id] ??= { intents: 0, captures: 0, capturedMinor: 0, refundedMinor: 0, refunds: 0 };
    const entry = found[id];
    entry.intents += 1;
    entry.captures += intent.captures;
    entry.capturedMinor += intent.captures * intent.amount;
    entry.refundedMinor += intent.refunded;
    entry.refunds += book.refundsOf(intent.id).length;
  }
  return found;
}
