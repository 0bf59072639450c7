/** What routes do with carts: prices come from the variants, limits and locks from commerce/cart. */

import { type Cart, type Change, changeCart, clearCart, lineOf, type Stamp } from '../../commerce/cart/cart.ts';
import { withAcceptedRate, withRate } from '../../commerce/cart/exchange.ts';
import { mergeAtLogin } from '../../commerce/cart/merge.ts';
import { priceLine } from '../../commerce/cart/price-line.ts';
import { acceptedLock } from '../../commerce/cart/price-lock.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import type { CartItem } from '../../db/queries/find-cart-items.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import { type CartContext, contextOf, findItemsOf } from './cart-context.ts';
import { type CartStore, createCartStore, type Owner } from './cart-store.ts';
import { type CartView, viewOf } from './cart-view.ts';

/** When and on which device it was done; now and nameless unless told. */
export interface By {
  readonly atMs?: number | undefined;
  readonly device?: string | undefined;
  readonly ifVersion?: number | undefined;
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

interface Decision {
  readonly cart: Cart | undefined;
  readonly outdated?: boolean;
  /** What was looked up to decide: of all items that are in the cart, before and after. */
  readonly items?: ReadonlyMap<string, CartItem>;
  /** The changed cart's. */
  readonly context?: CartContext;
}

export class Carts {
  readonly store: CartStore;
  readonly #services: StoreServices;

  constructor(services: StoreServices) {
    this.#services = services;
    this.store = createCartStore(services);
  }

  async view(owner: Owner): Promise<CartView> {
    const kept = await this.store.load(owner);
    return viewOf(kept, owner, await this.context(kept.cart));
  }

  async context(cart: Cart, items?: ReadonlyMap<string, CartItem>): Promise<CartContext> {
    return await contextOf(this.#services, cart, items);
  }

  async changeItem(owner: Owner, change: ItemChange, by: By): Promise<CartView> {
    const nowMs = this.#services.clock.now();
    const stamp = this.#stampOf(by);
    return await this.#change(owner, by, async (cart) => {
      const repeated = change.kind === 'add' && isRepeated(cart, change);
      if (repeated) return { cart: undefined };
      // Once for the price, the rates and the answer.
      const items = await findItemsOf(this.#services.database, cart, [change.sku]);
      const changed = changeCart(cart, pricedChange(change, items.get(change.sku), { nowMs, stamp }));
      if (changed.ok) return { cart: withKey(changed.cart, change), items };
      if (changed.problem === 'OUTDATED') return { cart: undefined, outdated: true, items };
      throw refusalOf(changed.problem);
    });
  }

  async clear(owner: Owner, by: By): Promise<CartView> {
    const stamp = this.#stampOf(by);
    return await this.#change(owner, by, (cart) => ({ cart: clearCart(cart, stamp) }));
  }

  /** The amounts are those that the shopper was shown: what has changed again meanwhile is not agreed to. */
  async acceptPrices(owner: Owner, seen: readonly SeenPrice[], by: By): Promise<CartView> {
    return await this.#change(owner, by, async (cart) => {
      const context = await this.context(cart);
      return { cart: seen.reduce((next, one) => accepted(next, one, context), cart) };
    });
  }

  async setCurrency(owner: Owner, currency: string, by: By): Promise<CartView> {
    return await this.#change(owner, by, (cart) => ({
      cart: cart.currency === currency ? cart : { ...cart, currency },
    }));
  }

  async setCoupons(owner: Owner, by: By, next: (coupons: readonly string[]) => readonly string[]): Promise<CartView> {
    return await this.#change(owner, by, (cart) => {
      const coupons = next(cart.coupons);
      if (coupons.length > LIMITS.cartCoupons) throw new Refusal('CART_FULL', { detail: 'Too many codes.' });
      return { cart: coupons === cart.coupons ? cart : { ...cart, coupons } };
    });
  }

  /** What a guest had goes into the cart of their account. Called again, it finds the guest's cart empty. */
  async merge(account: Owner, guest: Owner): Promise<{ view: CartView; dropped: readonly string[] }> {
    const had = await this.store.load(guest);
    if (had.cart.lines.length === 0 && had.cart.coupons.length === 0) {
      return { view: await this.view(account), dropped: [] };
    }
    let dropped: readonly string[] = [];
    const view = await this.#change(account, {}, (cart) => {
      const merged = mergeAtLogin(cart, had.cart);
      dropped = merged.dropped;
      return { cart: merged.cart };
    });
    await this.store.drop(guest, had.version);
    return { view, dropped };
  }

  async #change(owner: Owner, by: By, decide: (cart: Cart) => Decision | Promise<Decision>): Promise<CartView> {
    const { clock } = this.#services;
    const done = await this.store.change(owner, by.ifVersion, async ({ cart }): Promise<Decision> => {
      const decision = await decide(cart);
      if (decision.cart === undefined || decision.cart === cart) return decision;
      // The rates that its prices were shown by hold from now on, as the prices do.
      const context = await this.context(decision.cart, decision.items);
      const { currency, rates } = context;
      const pairs = [...rates].filter(([from]) => from !== currency);
      const locked = pairs.reduce(
        (next, [from, today]) => withRate(next, { from, to: currency }, today, clock.now()),
        decision.cart,
      );
      return { ...decision, cart: locked, context };
    });
    if (done === undefined) throw new Refusal('CART_CHANGED');
    const { kept, decision } = done;
    const view = viewOf(kept, owner, decision.context ?? (await this.context(kept.cart, decision.items)));
    return decision.outdated === true ? { ...view, outdated: true } : view;
  }

  /** A device whose clock is ahead wins no more than one that is right; what lies too far back is not believed. */
  #stampOf({ atMs, device = '' }: By): Stamp {
    const nowMs = this.#services.clock.now();
    if (atMs !== undefined && atMs < nowMs - LIFETIMES.cartChangeMs) {
      throw new Refusal('INVALID', { detail: 'The change lies too far back.' });
    }
    return { atMs: Math.min(atMs ?? nowMs, nowMs), device };
  }
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
