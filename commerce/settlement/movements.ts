/** All money that moved for an order, line by line, in the order in which it moved. */
import type { OrderMoney, SoldLine } from '../../contracts/orders/money.ts';
import { paidFor } from '../returns/return-amounts.ts';
import { sharesOfPayment, sharesOfRefund } from './shares.ts';

export interface Movement {
  /** Of the payment or the refund, and of its transfer in the ledger. */
  readonly id: string;
  readonly kind: 'payment' | 'refund';
  /** Of a refund, what it was taken by; of a payment its own id. */
  readonly paymentId: string;
  readonly atMs: number;
  readonly amountMinor: number;
  /** Of a payment that was taken twice, or what goes back of it: the store's own, whatever its parts are. */
  readonly isSurplus: boolean;
  /** As the lines of the order; together the amount. */
  readonly parts: readonly number[];
}

export function movementsOf({ lines, captures, refunds }: OrderMoney): Movement[] {
  const paid = lines.map(paidFor);
  return captures.flatMap(({ id, amountMinor, atMs, isSurplus }) => {
    const parts = sharesOfPayment(amountMinor, paid);
    let left: readonly number[] = parts;
    const movements: Movement[] = [{ id, paymentId: id, kind: 'payment', atMs, amountMinor, isSurplus, parts }];
    for (const refund of refunds) {
      if (refund.paymentId !== id) continue;
      const worth = new Map(refund.returned.map(({ line, amountMinor: of }) => [line, of]));
      const given = sharesOfRefund(
        refund.amountMinor,
        left,
        lines.map(({ line }) => worth.get(line) ?? 0),
      );
      left = left.map((part, at) => part - (given[at] ?? 0));
      movements.push({
        ...{ id: refund.id, paymentId: id, kind: 'refund', atMs: refund.atMs, amountMinor: refund.amountMinor },
        ...{ isSurplus, parts: given },
      });
    }
    return movements;
  });
}

/** What of a movement is each merchant's. */
export function partsOfMerchants(lines: readonly SoldLine[], { parts }: Movement): Map<string | null, number> {
  const sums = new Map<string | null, number>();
  for (const [at, { merchantId }] of lines.entries()) {
    sums.set(merchantId, (sums.get(merchantId) ?? 0) + (parts[at] ?? 0));
  }
  return sums;
}
