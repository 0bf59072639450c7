/** Two carts become one when a guest signs in. */
import { LIMITS } from '../../contracts/limits.ts';
import { type Cart, type CartLine, isNewer, isTooLate } from './cart.ts';

export interface Merged {
  readonly cart: Cart;
  /** Items of the guest that found no room. */
  readonly dropped: readonly string[];
}

/**
 * What the guest had comes into the cart of the account: of an item in both, the larger quantity, and it is put aside only
 * where both did so. What the account removed after the guest touched it stays removed. Doing it twice changes nothing.
 */
export function mergeAtLogin(account: Cart, guest: Cart): Merged {
  const lines = new Map(account.lines.map((line) => [line.sku, line]));
  const dropped: string[] = [];
  for (const line of guest.lines) {
    const own = lines.get(line.sku);
    if (own !== undefined) lines.set(line.sku, larger(own, line));
    else if (isTooLate(account, line)) continue;
    else if (lines.size < LIMITS.cartLines) lines.set(line.sku, line);
    else dropped.push(line.sku);
  }
  const coupons = [...new Set([...account.coupons, ...guest.coupons])].slice(0, LIMITS.cartCoupons);
  const merged = {
    ...account,
    lines: [...lines.values()],
    removed: account.removed.filter(({ sku }) => !lines.has(sku)),
    coupons,
    currency: account.currency ?? guest.currency,
  };
  return { cart: merged, dropped };
}

function larger(own: CartLine, other: CartLine): CartLine {
  const newer = isNewer(other, own) ? other : own;
  return {
    ...newer,
    quantity: Math.max(own.quantity, other.quantity),
    saved: own.saved && other.saved,
    addedAtMs: Math.min(own.addedAtMs, other.addedAtMs),
    price: newer.price,
  };
}
