/** What has to be looked up to price a cart: its items as they are sold now, and exchange rates where they differ. */
import type { Cart } from '../../commerce/cart/cart.ts';
import { RATE_SCALE } from '../../commerce/cart/exchange.ts';
import { findRates } from '../../db/queries/exchange-rates.ts';
import { type CartItem, findCartItems } from '../../db/queries/find-cart-items.ts';
import type { Asking } from '../../platform/connections/postgres-together.ts';
import type { StoreServices } from '../services.ts';

export interface CartContext {
  readonly items: ReadonlyMap<string, CartItem>;
  /** What the cart is paid in. */
  readonly currency: string;
  /** What one unit of a currency is in that of the cart, today, in units of 1 / RATE_SCALE. */
  readonly rates: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

/** Of a cart without items that nobody has chosen a currency for. */
const USUAL_CURRENCY = 'EUR';

/** `known` is what was looked up already, of all that is in the cart. */
export async function contextOf(
  { database, clock }: Pick<StoreServices, 'database' | 'clock'>,
  cart: Cart,
  known?: ReadonlyMap<string, CartItem>,
): Promise<CartContext> {
  const nowMs = clock.now();
  const found = known ?? (await findItemsOf(database, cart));
  const items = new Map(
    cart.lines.flatMap(({ sku }) => {
      const item = found.get(sku);
      return item === undefined ? [] : [[sku, item] as const];
    }),
  );
  const first = cart.lines.flatMap(({ sku }) => items.get(sku) ?? []).at(0);
  const currency = cart.currency ?? first?.currency ?? USUAL_CURRENCY;
  const foreign = new Set([...items.values()].map((item) => item.currency).filter((other) => other !== currency));
  const rates =
    foreign.size === 0 ? new Map<string, number>() : ratesInto(currency, foreign, await findRates(database, nowMs));
  return { items, currency, rates, nowMs };
}

/** What is sold of what is in a cart, and of an item that may come in. */
export async function findItemsOf(
  database: Asking,
  { lines }: Cart,
  more: readonly string[] = [],
): Promise<ReadonlyMap<string, CartItem>> {
  return await findCartItems(database, [...new Set([...lines.map(({ sku }) => sku), ...more])]);
}

function ratesInto(
  to: string,
  foreign: ReadonlySet<string>,
  known: readonly { readonly currency: string; readonly perReference: string }[],
): ReadonlyMap<string, number> {
  const perReference = new Map(known.map((rate) => [rate.currency, Number(rate.perReference)]));
  const target = perReference.get(to);
  const rates = new Map<string, number>();
  for (const from of foreign) {
    const own = perReference.get(from);
    if (target === undefined || own === undefined || own <= 0) continue;
    const rate = Math.round((target / own) * RATE_SCALE);
    if (Number.isSafeInteger(rate) && rate >= 1) rates.set(from, rate);
  }
  return rates;
}
