/** A cart after an order: without what was bought, and with all that was changed since then. */
import { type Cart, changeCart } from './cart.ts';

export interface Bought {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly coupons: readonly string[];
  /** When it was read from the cart. */
  readonly atMs: number;
}

/** The same order again finds nothing more to take out. */
export function withoutBought(cart: Cart, { lines, coupons, atMs }: Bought, nowMs: number): Cart {
  const bought = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
  let next = cart;
  for (const line of cart.lines) {
    const isAsBought = !line.saved && bought.get(line.sku) === line.quantity && line.atMs <= atMs;
    if (!isAsBought) continue;
    const { sku, device } = line;
    const removed = changeCart(next, { kind: 'remove', sku, device, atMs: Math.max(nowMs, line.atMs + 1), nowMs });
    if (removed.ok) next = removed.cart;
  }
  const left = next.coupons.filter((code) => !coupons.includes(code));
  return left.length === next.coupons.length ? next : { ...next, coupons: left };
}
