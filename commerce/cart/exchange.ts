/** Amounts in the currency that a shopper pays in. A rate that was used holds for a while, as prices do. */
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { decimalsOf } from '../money/currencies.ts';
import { share } from '../money/share.ts';
import type { Cart, RateLock } from './cart.ts';

/** A rate of one to one. */
export const RATE_SCALE = 1_000_000_000;

/** In minor units of the other currency, half a unit up. */
export function convert(minor: number, { from, to, rate }: Pick<RateLock, 'from' | 'to' | 'rate'>): number {
  const decimals = decimalsOf(to) - decimalsOf(from);
  const [up, down] = decimals >= 0 ? [10 ** decimals, 1] : [1, 10 ** -decimals];
  return share(minor, rate * up, RATE_SCALE * down);
}

export interface EffectiveRate {
  readonly rate: number;
  /** The rate by which the shopper was shown prices before, when they have to agree to a dearer one. */
  readonly changedFrom: number | null;
  readonly lockedUntilMs: number | null;
}

/** As with prices: what was shown holds for a while, what becomes cheaper is given at once, what becomes dearer is told. */
export function effectiveRate(
  lock: RateLock | undefined,
  today: number | undefined,
  nowMs: number,
): EffectiveRate | undefined {
  if (lock === undefined)
    return today === undefined ? undefined : { rate: today, changedFrom: null, lockedUntilMs: null };
  const isLocked = nowMs < lock.untilMs;
  const lockedUntilMs = isLocked ? lock.untilMs : null;
  if (today === undefined) return isLocked ? { rate: lock.rate, changedFrom: null, lockedUntilMs } : undefined;
  if (today <= lock.rate) return { rate: today, changedFrom: null, lockedUntilMs };
  if (isLocked) return { rate: lock.rate, changedFrom: null, lockedUntilMs };
  return { rate: today, changedFrom: lock.rate, lockedUntilMs: null };
}

export function rateLockOf(cart: Cart, from: string, to: string): RateLock | undefined {
  return cart.rates.find((lock) => lock.from === from && lock.to === to);
}

/** Keeps today's rate for a while, where none is kept that still holds or that the shopper has to be asked about. */
export function withRate(cart: Cart, pair: { from: string; to: string }, today: number, nowMs: number): Cart {
  const { from, to } = pair;
  const lock = rateLockOf(cart, from, to);
  const isOver = lock === undefined || nowMs >= lock.untilMs;
  if (!isOver || effectiveRate(lock, today, nowMs)?.changedFrom != null) return cart;
  return withAcceptedRate(cart, pair, today, nowMs);
}

/** The shopper has seen prices by this rate and agrees. */
export function withAcceptedRate(
  cart: Cart,
  { from, to }: { from: string; to: string },
  rate: number,
  nowMs: number,
): Cart {
  const others = cart.rates.filter((lock) => lock.from !== from || lock.to !== to);
  const lock = { from, to, rate, untilMs: nowMs + LIFETIMES.cartPriceLockMs };
  return { ...cart, rates: [lock, ...others].slice(0, LIMITS.cartRates) };
}
