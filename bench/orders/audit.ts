/** Holds the claims that were made against the rows that came of them. */
import type { Told } from '../core/load.ts';
import type { Audit } from '../report/audit.ts';

export interface OrdersFound {
  readonly orders: number;
  /** The ids of all orders, folded together. */
  readonly fingerprint: number;
  /** Orders without an item or a payment. */
  readonly incomplete: number;
  /** Items and payments beyond one an order, or of no order. */
  readonly surplus: number;
  /** Orders whose total, or whose payment, is not the price that the shopper was told. */
  readonly wrongAmounts: number;
  /** Entries still in the outboxes, and claims that were set aside. */
  readonly entriesLeft: number;
}

export function auditOrders(told: Told, found: OrdersFound): Audit {
  const { orders, fingerprint, incomplete, surplus, wrongAmounts, entriesLeft } = found;
  const others = told.won === orders && told.fingerprint !== fingerprint ? 1 : 0;
  const lost = Math.max(0, told.won - orders) + incomplete + others;
  const more = Math.max(0, orders - told.won);
  const duplicated = more + surplus;
  const numbers = `${told.won} claims, ${orders} orders`;
  const problems = [
    ...(lost > 0 ? [`${lost} claims without a whole order (${numbers}, ${incomplete} orders incomplete)`] : []),
    ...(duplicated > 0 ? [`${duplicated} rows without a claim (${numbers})`] : []),
    ...(wrongAmounts > 0 ? [`${wrongAmounts} orders with a wrong amount`] : []),
    ...(entriesLeft > 0 ? [`${entriesLeft} entries left in the outboxes`] : []),
  ];
  return { ok: problems.length === 0, oversold: more, lost, duplicated, problems };
}
