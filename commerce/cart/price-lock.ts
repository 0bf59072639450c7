/**
 * The price that a shopper was shown holds for a while. Then the price of the day is asked for again; when it differs, the
 * shopper is told and has to agree before anything is charged. A price that fell is given at once.
 */
import { LIFETIMES } from '../../contracts/limits.ts';

export interface PriceLock {
  readonly minor: number;
  readonly currency: string;
  readonly untilMs: number;
}

export interface CurrentPrice {
  readonly minor: number;
  readonly currency: string;
}

export interface EffectivePrice {
  readonly minor: number;
  readonly currency: string;
  /** What the shopper was shown before, when they have to agree to another price. */
  readonly changedFrom: CurrentPrice | null;
  /** Until when this price holds; null when it holds for now only. */
  readonly lockedUntilMs: number | null;
}

export function effectivePrice(lock: PriceLock, current: CurrentPrice, nowMs: number): EffectivePrice {
  const isLocked = nowMs < lock.untilMs;
  const { minor, currency } = current;
  if (lock.currency !== currency) {
    // The seller has moved the item to another currency: no figure can be compared.
    return { minor, currency, changedFrom: { minor: lock.minor, currency: lock.currency }, lockedUntilMs: null };
  }
  if (minor <= lock.minor) return { minor, currency, changedFrom: null, lockedUntilMs: isLocked ? lock.untilMs : null };
  if (isLocked) return { minor: lock.minor, currency, changedFrom: null, lockedUntilMs: lock.untilMs };
  return { minor, currency, changedFrom: { minor: lock.minor, currency }, lockedUntilMs: null };
}

/**
 * The lock after a change of the line. One that holds is not made longer, else a price could be kept for ever; one that is
 * over is renewed only where the shopper has nothing to agree to.
 */
export function renewedLock(lock: PriceLock | undefined, current: CurrentPrice, nowMs: number): PriceLock {
  if (lock !== undefined) {
    if (nowMs < lock.untilMs && lock.currency === current.currency) return lock;
    if (effectivePrice(lock, current, nowMs).changedFrom !== null) return lock;
  }
  return acceptedLock(current, nowMs);
}

/** The shopper has seen this price and agrees. */
export function acceptedLock({ minor, currency }: CurrentPrice, nowMs: number): PriceLock {
  return { minor, currency, untilMs: nowMs + LIFETIMES.cartPriceLockMs };
}
