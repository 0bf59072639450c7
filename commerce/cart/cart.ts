/**
 * A cart as it is kept, and the changes that it goes through. A line says when it was changed last and by which device:
 * the last write wins, of equal times the one of the greater device. What was removed leaves a tombstone, so that an older
 * change that arrives later does not bring it back. Prices are the server's: they come in with the change.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { type PriceLock, renewedLock } from './price-lock.ts';

/** When something was changed, and by which device: the order of writes. */
export interface Stamp {
  readonly atMs: number;
  readonly device: string;
}

export interface CartLine extends Stamp {
  readonly sku: string;
  readonly quantity: number;
  /** Put aside for later: it is in no sum. */
  readonly saved: boolean;
  readonly addedAtMs: number;
  readonly price: PriceLock;
}

export interface Tombstone extends Stamp {
  readonly sku: string;
}

export interface Cart {
  readonly lines: readonly CartLine[];
  readonly removed: readonly Tombstone[];
  /** Tombstones up to here are forgotten: an older change of an item that is not in the cart comes too late. */
  readonly forgottenBeforeMs: number;
  /** As they were typed, in capitals. */
  readonly coupons: readonly string[];
  /** What the shopper wants to pay in; null for the currency of the first line. */
  readonly currency: string | null;
  readonly rates: readonly RateLock[];
  /** The keys of the last adds: a repeated one adds nothing. */
  readonly keys: readonly UsedKey[];
}

export interface RateLock {
  readonly from: string;
  readonly to: string;
  /** How much of `to` one of `from` is worth, in units of a thousand millionth. */
  readonly rate: number;
  readonly untilMs: number;
}

export interface UsedKey {
  readonly key: string;
  readonly content: string;
}

export const EMPTY_CART: Cart = {
  lines: [],
  removed: [],
  forgottenBeforeMs: 0,
  coupons: [],
  currency: null,
  rates: [],
  keys: [],
};

export type Change = Stamp & { readonly sku: string; readonly nowMs: number } & (
    | { readonly kind: 'add'; readonly quantity: number; readonly price: Price }
    | { readonly kind: 'set'; readonly quantity: number; readonly price: Price }
    | { readonly kind: 'save'; readonly saved: boolean }
    | { readonly kind: 'remove' }
  );

/** What the server sells it for now. */
export interface Price {
  readonly minor: number;
  readonly currency: string;
}

export type Changed =
  | { readonly ok: true; readonly cart: Cart }
  /** Something newer is known of this item: nothing to do, and nothing wrong. */
  | { readonly ok: false; readonly problem: 'OUTDATED' }
  | { readonly ok: false; readonly problem: 'NOT_IN_CART' | 'TOO_MANY_LINES' | 'TOO_MANY_UNITS' };

export function isNewer(one: Stamp, other: Stamp): boolean {
  return one.atMs === other.atMs ? one.device > other.device : one.atMs > other.atMs;
}

export function changeCart(cart: Cart, change: Change): Changed {
  const line = lineOf(cart, change.sku);
  if (line === undefined) return changeWithoutLine(cart, change);
  // An add says "more of it", not "so many": it counts whichever came first.
  if (change.kind === 'add') {
    const stamp = isNewer(change, line) ? change : line;
    return withQuantity(cart, line, line.quantity + change.quantity, { change, stamp, saved: false });
  }
  if (!isNewer(change, line)) return { ok: false, problem: 'OUTDATED' };
  switch (change.kind) {
    case 'set':
      return withQuantity(cart, line, change.quantity, { change, stamp: change, saved: line.saved });
    case 'save':
      return { ok: true, cart: withLine(cart, { ...line, ...stampOf(change), saved: change.saved }) };
    case 'remove':
      return { ok: true, cart: withoutLine(cart, change) };
  }
}

function changeWithoutLine(cart: Cart, change: Change): Changed {
  if (isTooLate(cart, change)) return { ok: false, problem: 'OUTDATED' };
  switch (change.kind) {
    // A removal of what is not there yet still has to win over an older change that is on its way.
    case 'remove':
      return { ok: true, cart: withoutLine(cart, change) };
    case 'save':
      return { ok: false, problem: 'NOT_IN_CART' };
    default:
      return withNewLine(cart, change);
  }
}

function withNewLine(cart: Cart, change: Extract<Change, { readonly quantity: number }>): Changed {
  const { sku, quantity, nowMs } = change;
  if (cart.lines.length >= LIMITS.cartLines) return { ok: false, problem: 'TOO_MANY_LINES' };
  if (quantity > LIMITS.cartUnitsPerLine) return { ok: false, problem: 'TOO_MANY_UNITS' };
  const price = renewedLock(undefined, change.price, nowMs);
  const line = { ...stampOf(change), sku, quantity, saved: false, addedAtMs: nowMs, price };
  return { ok: true, cart: withLine(cart, line) };
}

function withQuantity(
  cart: Cart,
  line: CartLine,
  quantity: number,
  to: { change: { readonly price: Price; readonly nowMs: number }; stamp: Stamp; saved: boolean },
): Changed {
  if (quantity > LIMITS.cartUnitsPerLine) return { ok: false, problem: 'TOO_MANY_UNITS' };
  const price = renewedLock(line.price, to.change.price, to.change.nowMs);
  return { ok: true, cart: withLine(cart, { ...line, ...stampOf(to.stamp), quantity, saved: to.saved, price }) };
}

export function isTooLate(cart: Cart, stamp: Stamp & { readonly sku: string }): boolean {
  const tombstone = cart.removed.find(({ sku }) => sku === stamp.sku);
  return stamp.atMs <= cart.forgottenBeforeMs || (tombstone !== undefined && !isNewer(stamp, tombstone));
}

export function lineOf(cart: Cart, sku: string): CartLine | undefined {
  return cart.lines.find((line) => line.sku === sku);
}

/** Without the tombstone that the line outlives. */
function withLine(cart: Cart, line: CartLine): Cart {
  const at = cart.lines.findIndex(({ sku }) => sku === line.sku);
  const lines = at === -1 ? [...cart.lines, line] : cart.lines.with(at, line);
  return { ...cart, lines, removed: cart.removed.filter(({ sku }) => sku !== line.sku) };
}

function withoutLine(cart: Cart, { sku, atMs, device }: Stamp & { readonly sku: string }): Cart {
  const lines = cart.lines.filter((line) => line.sku !== sku);
  return buried({ ...cart, lines }, [{ sku, atMs, device }]);
}

/** Everything goes, what was put aside too; what is newer than the stamp stays. */
export function clearCart(cart: Cart, stamp: Stamp): Cart {
  const gone = cart.lines.filter((line) => isNewer(stamp, line));
  const lines = cart.lines.filter((line) => !isNewer(stamp, line));
  const tombstones = gone.map(({ sku }) => ({ sku, ...stampOf(stamp) }));
  return buried({ ...cart, lines, coupons: lines.length === 0 ? [] : cart.coupons }, tombstones);
}

/** Adds tombstones; the oldest beyond the bound are forgotten, and the cart remembers up to when. */
export function buried(cart: Cart, tombstones: readonly Tombstone[]): Cart {
  const newest = new Map<string, Tombstone>();
  for (const tombstone of [...cart.removed, ...tombstones]) {
    const known = newest.get(tombstone.sku);
    if (known === undefined || isNewer(tombstone, known)) newest.set(tombstone.sku, tombstone);
  }
  const all = [...newest.values()].sort((a, b) => (isNewer(a, b) ? -1 : 1));
  const forgotten = all.slice(LIMITS.cartTombstones);
  const forgottenBeforeMs = Math.max(cart.forgottenBeforeMs, ...forgotten.map(({ atMs }) => atMs));
  return { ...cart, removed: all.slice(0, LIMITS.cartTombstones), forgottenBeforeMs };
}

export function stampOf({ atMs, device }: Stamp): Stamp {
  return { atMs, device };
}
