/** What can be done to a cart. Prices come from the variants, limits and locks from commerce/cart. */
import { type Cart, type Change, changeCart, clearCart, lineOf, type Stamp } from '../../commerce/cart/cart.ts';
import { withAcceptedRate } from '../../commerce/cart/exchange.ts';
import { priceLine } from '../../commerce/cart/price-line.ts';
import { acceptedLock } from '../../commerce/cart/price-lock.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import type { CartItem } from '../../db/queries/find-cart-items.ts';
import { Refusal } from '../plugins/problems.ts';
import type { CartContext } from './cart-context.ts';

/** When and on which device it was done; now and nameless unless told. */
export interface By {
  readonly atMs?: number | undefined;
  readonly device?: string | undefined;
  readonly ifVersion?: number | undefined;
}

export interface CartChange {
  /** Only of a cart that is still at this version. */
  readonly ifVersion?: number | undefined;
  /** What has to be looked up besides what is in the cart. */
  readonly skus?: readonly string[];
  decide(cart: Cart, known: KnownOfCart): Decision | Promise<Decision>;
}

export interface KnownOfCart {
  /** What is in the cart, and the `skus` of the change, as they are sold now. */
  readonly items: ReadonlyMap<string, CartItem>;
  contextOf(cart: Cart): Promise<CartContext>;
}

export interface Decision {
  /** Undefined, or the same, where nothing changes. */
  readonly cart: Cart | undefined;
  readonly outdated?: boolean;
}

export type ItemChange =
  | { readonly kind: 'add'; readonly sku: string; readonly quantity: number; readonly key?: string | undefined }
  | { readonly kind: 'set'; readonly sku: string; readonly quantity: number }
  | { readonly kind: 'save'; readonly sku: string; readonly saved: boolean }
  | { readonly kind: 'remove'; readonly sku: string };

export interface SeenPrice {
  readonly sku: string;
  readonly unitPrice: number;
}

export function itemChange(change: ItemChange, by: By, nowMs: number): CartChange {
  const stamp = stampAt(by, nowMs);
  return {
    ifVersion: by.ifVersion,
    skus: [change.sku],
    decide(cart, { items }) {
      if (change.kind === 'add' && isRepeated(cart, change)) return { cart: undefined };
      const changed = changeCart(cart, pricedChange(change, items.get(change.sku), { nowMs, stamp }));
      if (changed.ok) return { cart: withKey(changed.cart, change) };
      if (changed.problem === 'OUTDATED') return { cart: undefined, outdated: true };
      throw refusalOf(changed.problem);
    },
  };
}

export function clearing(by: By, nowMs: number): CartChange {
  const stamp = stampAt(by, nowMs);
  return { ifVersion: by.ifVersion, decide: (cart) => ({ cart: clearCart(cart, stamp) }) };
}

/** The amounts are those that the shopper was shown: what has changed again meanwhile is not agreed to. */
export function acceptingPrices(seen: readonly SeenPrice[], { ifVersion }: By): CartChange {
  return {
    ifVersion,
    async decide(cart, { contextOf }) {
      const context = await contextOf(cart);
      return { cart: seen.reduce((next, one) => accepted(next, one, context), cart) };
    },
  };
}

export function inCurrency(currency: string, { ifVersion }: By): CartChange {
  return { ifVersion, decide: (cart) => ({ cart: cart.currency === currency ? cart : { ...cart, currency } }) };
}

export function withCoupons(next: (coupons: readonly string[]) => readonly string[], { ifVersion }: By): CartChange {
  return {
    ifVersion,
    decide(cart) {
      const coupons = next(cart.coupons);
      if (coupons.length > LIMITS.cartCoupons) throw new Refusal('CART_FULL', { detail: 'Too many codes.' });
      return { cart: coupons === cart.coupons ? cart : { ...cart, coupons } };
    },
  };
}

/** A device whose clock is ahead wins no more than one that is right; what lies too far back is not believed. */
function stampAt({ atMs, device = '' }: By, nowMs: number): Stamp {
  if (atMs !== undefined && atMs < nowMs - LIFETIMES.cartChangeMs) {
    throw new Refusal('INVALID', { detail: 'The change lies too far back.' });
  }
  return { atMs: Math.min(atMs ?? nowMs, nowMs), device };
}

/** Unknown and archived items cannot be put into a cart; what is in it already can always be taken out. */
function pricedChange(
  change: ItemChange,
  item: CartItem | undefined,
  { nowMs, stamp }: { nowMs: number; stamp: Stamp },
): Change {
  if (change.kind === 'save' || change.kind === 'remove') return { ...stamp, ...change, nowMs };
  if (item === undefined || !item.isSold) throw new Refusal('ITEM_NOT_FOUND');
  return { ...stamp, ...change, nowMs, price: { minor: item.priceMinor, currency: item.currency } };
}

function accepted(cart: Cart, { sku, unitPrice }: SeenPrice, context: CartContext): Cart {
  const { items, currency, rates, nowMs } = context;
  const [line, item] = [lineOf(cart, sku), items.get(sku)];
  if (line === undefined || item === undefined) return cart;
  const current = { minor: item.priceMinor, currency: item.currency };
  const price = priceLine(line, current, { cart, currency, rates, nowMs });
  if (price === undefined || price.changedFrom === null || price.unitMinor !== unitPrice) return cart;
  const lines = cart.lines.map((one) => (one === line ? { ...one, price: acceptedLock(current, nowMs) } : one));
  const rate = rates.get(item.currency);
  const next = { ...cart, lines };
  return rate === undefined || item.currency === currency
    ? next
    : withAcceptedRate(next, { from: item.currency, to: currency }, rate, nowMs);
}

function contentOf({ sku, quantity }: { sku: string; quantity: number }): string {
  return `${sku} ${quantity}`;
}

function isRepeated(cart: Cart, change: Extract<ItemChange, { kind: 'add' }>): boolean {
  const used = cart.keys.find(({ key }) => key === change.key);
  if (used === undefined) return false;
  if (used.content !== contentOf(change)) throw new Refusal('KEY_REUSED');
  return true;
}

function withKey(cart: Cart, change: ItemChange): Cart {
  if (change.kind !== 'add' || change.key === undefined) return cart;
  return { ...cart, keys: [{ key: change.key, content: contentOf(change) }, ...cart.keys].slice(0, LIMITS.cartKeys) };
}

function refusalOf(problem: 'NOT_IN_CART' | 'TOO_MANY_LINES' | 'TOO_MANY_UNITS'): Refusal {
  switch (problem) {
    case 'NOT_IN_CART':
      return new Refusal('ITEM_NOT_FOUND', { detail: 'It is not in the cart.' });
    case 'TOO_MANY_LINES':
      return new Refusal('CART_FULL', { detail: `A cart holds ${LIMITS.cartLines} items.` });
    case 'TOO_MANY_UNITS':
      return new Refusal('CART_FULL', { detail: `No more than ${LIMITS.cartUnitsPerLine} units of one item.` });
  }
}
