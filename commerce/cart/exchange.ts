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

/** The rate that holds for the shopper: the one that is locked, else that of the day; undefined where there is none. */
export function rateOf(
  cart: Cart,
  pair: { from: string; to: string },
  today: number | undefined,
  nowMs: number,
): RateLock | undefined {
  const { from, to } = pair;
  const locked = cart.rates.find((lock) => lock.from === from && lock.to === to && nowMs < lock.untilMs);
  if (locked !== undefined) return locked;
  return today === undefined ? undefined : { from, to, rate: today, untilMs: nowMs + LIFETIMES.cartPriceLockMs };
}

/** With these rates kept; those that are over, or of other pairs beyond the bound, go. */
export function withRates(cart: Cart, rates: readonly RateLock[], nowMs: number): Cart {
  const isReplaced = (old: RateLock) => rates.some(({ from, to }) => from === old.from && to === old.to);
  const kept = cart.rates.filter((old) => nowMs < old.untilMs && !isReplaced(old));
  return { ...cart, rates: [...rates, ...kept].slice(0, LIMITS.cartRates) };
}
