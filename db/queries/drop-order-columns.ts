/** The orders of a batch of claims as the columns that insert-drop-orders.ts sends. Pure: a thread makes them. */
import { plainArray, textArray } from '../array-literal.ts';

/** A won claim as it becomes an order. The order has the id of the claim. */
export interface DropOrder {
  readonly claimId: string;
  /** The shopper's idempotency key, from which a rebuilt region answers a repeat as it did before. */
  readonly claimKey: string;
  readonly dropId: string;
  readonly region: string;
  readonly shopperId: string;
  readonly sku: string;
  readonly productTitle: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly currency: string;
  readonly claimedAtMs: number;
  readonly holdUntilMs: number;
  /** The encoded `order.created` event, sent only if the order is new. */
  readonly event: string;
  /** Inside the price. None unless given. */
  readonly taxMinor?: number;
  readonly riskScore?: number;
  /** Only a clear order is paid at once; `clear` unless given. What comes of the others are steps of their own. */
  readonly verdict?: 'clear' | 'review' | 'blocked';
  /** A saved payment method of the shopper. One that is somebody else's counts as none. */
  readonly paymentMethodId?: string | null;
}

/** Arrays as PostgreSQL reads them, in the order of the parameters. */
export type DropOrderColumns = readonly string[];

export function dropOrderColumns(orders: readonly DropOrder[]): DropOrderColumns {
  const batch = inLockOrder(orders);
  const plain = (read: (order: DropOrder) => string | number | null) => plainArray(batch.map(read));
  const text = (read: (order: DropOrder) => string) => textArray(batch.map(read));
  return [
    plain((order) => order.claimId),
    plain((order) => order.dropId),
    text((order) => order.region),
    plain((order) => order.shopperId),
    text((order) => order.sku),
    text((order) => order.productTitle),
    plain((order) => order.quantity),
    plain((order) => order.unitPriceMinor),
    text((order) => order.currency),
    plain((order) => order.claimedAtMs),
    plain((order) => order.holdUntilMs),
    text((order) => order.event),
    text((order) => order.claimKey),
    plain((order) => order.taxMinor ?? 0),
    plain((order) => order.riskScore ?? null),
    plain((order) => order.verdict ?? 'clear'),
    plain((order) => order.paymentMethodId ?? null),
  ];
}

/**
 * Each claim once, in the order of the ids: two workers that got the same claims twice wait for one another in turn,
 * where any other order would let them deadlock.
 */
function inLockOrder(orders: readonly DropOrder[]): DropOrder[] {
  const once = new Map(orders.map((order) => [order.claimId, order]));
  return [...once.values()].sort((a, b) => (a.claimId < b.claimId ? -1 : 1));
}
