/** What a line costs now, in the currency that the shopper pays in. */
import type { Cart, CartLine } from './cart.ts';
import { convert, effectiveRate, RATE_SCALE, rateLockOf } from './exchange.ts';
import { type CurrentPrice, effectivePrice } from './price-lock.ts';

export interface LinePrice {
  readonly unitMinor: number;
  /** What the shopper was shown before, when they have to agree to what it costs now; `minor` is null for another currency. */
  readonly changedFrom: { readonly minor: number | null } | null;
  /** Until when this price holds; null when it holds for now only. */
  readonly lockedUntilMs: number | null;
}

export interface Pricing {
  readonly cart: Cart;
  readonly currency: string;
  /** What one unit of a currency is in that of the cart, today. */
  readonly rates: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

/** Undefined where there is no exchange rate: the item cannot be bought in this currency now. */
export function priceLine(line: CartLine, current: CurrentPrice, pricing: Pricing): LinePrice | undefined {
  const { cart, currency: to, rates, nowMs } = pricing;
  const price = effectivePrice(line.price, current, nowMs);
  const from = price.currency;
  const rate =
    from === to
      ? { rate: RATE_SCALE, changedFrom: null, lockedUntilMs: Number.POSITIVE_INFINITY }
      : effectiveRate(rateLockOf(cart, from, to), rates.get(from), nowMs);
  if (rate === undefined) return undefined;
  const unitMinor = convert(price.minor, { from, to, rate: rate.rate });
  if (!Number.isSafeInteger(unitMinor)) return undefined;
  const isLocked = price.lockedUntilMs !== null && rate.lockedUntilMs !== null;
  const lockedUntilMs = isLocked ? Math.min(price.lockedUntilMs, rate.lockedUntilMs) : null;
  if (price.changedFrom === null && rate.changedFrom === null) return { unitMinor, changedFrom: null, lockedUntilMs };
  if (price.changedFrom !== null && price.changedFrom.currency !== from) {
    return { unitMinor, changedFrom: { minor: null }, lockedUntilMs };
  }
  const shownRate = rateLockOf(cart, from, to)?.rate ?? rate.rate;
  const shown = convert(line.price.minor, { from, to, rate: shownRate });
  // No dearer in the end, or too little to be seen in a unit of the currency: nothing to agree to.
  return { unitMinor, changedFrom: shown < unitMinor ? { minor: shown } : null, lockedUntilMs };
}
