/** What the store keeps of a sale, and gives back of a refund. */
import type { SoldLine } from '../../contracts/orders/money.ts';
import { share } from '../money/share.ts';
import { type Movement, partsOfMerchants } from './movements.ts';

const BASIS_POINTS = 10_000;

export interface Commission {
  /** Null is everybody's who has none of their own. */
  readonly merchantId: string | null;
  readonly basisPoints: number;
  readonly validFromMs: number;
}

/** The commission of a merchant at a time: the newest of their own, or else of everybody's; nothing where there is none. */
export function commissionAt(commissions: readonly Commission[], merchantId: string, atMs: number): number {
  const newest = (of: string | null) =>
    commissions
      .filter((one) => one.merchantId === of && one.validFromMs <= atMs)
      .toSorted((a, b) => b.validFromMs - a.validFromMs)
      .at(0);
  return (newest(merchantId) ?? newest(null))?.basisPoints ?? 0;
}

/**
 * The part of a movement that is a merchant's, with its fee; of a refund both are below zero. What goes back takes so much
 * of the fee with it that the rest is the fee of what is left: in however many pieces, all of it brings back all of it.
 */
export function settledPart(
  { lines, movements }: { readonly lines: readonly SoldLine[]; readonly movements: readonly Movement[] },
  movement: Movement,
  merchantId: string | null,
  basisPoints: number,
): { readonly amountMinor: number; readonly feeMinor: number } {
  const partOf = (one: Movement) => partsOfMerchants(lines, one).get(merchantId) ?? 0;
  const part = partOf(movement);
  if (movement.kind === 'payment') return { amountMinor: part, feeMinor: feeOf(part, basisPoints) };
  const before = movements
    .slice(0, movements.indexOf(movement))
    .filter(({ paymentId }) => paymentId === movement.paymentId)
    .reduce((left, one) => left + (one.kind === 'payment' ? partOf(one) : -partOf(one)), 0);
  const feeBack = feeOf(before, basisPoints) - feeOf(before - part, basisPoints);
  return { amountMinor: 0 - part, feeMinor: 0 - feeBack };
}

function feeOf(amountMinor: number, basisPoints: number): number {
  return share(amountMinor, basisPoints, BASIS_POINTS, 'half-up');
}
