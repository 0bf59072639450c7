/** From what a merchant said to a whole drop. What is missing gets what suits most. */
import { LIMITS } from '../../contracts/limits.ts';
import type { DropPlan, DropWish, OfferedVariant } from './plan.ts';

const MINUTE_MS = 60_000;

export const DROP_DEFAULTS = {
  mode: 'fifo',
  lobbyMs: 10 * MINUTE_MS,
  saleMs: 60 * MINUTE_MS,
  perShopperLimit: 2,
  holdSeconds: 900,
  passSeconds: 300,
  perSecond: 200,
  lanes: [{ name: 'everyone', weight: 1, tier: 'standard' }],
  challenge: 'auto',
} as const;

/** Stands for a price that nobody gave; no price is below zero. */
export const NO_PRICE = -1;

export function fillIn(wish: DropWish, variants: readonly OfferedVariant[], nowMs: number): DropPlan {
  const bySku = new Map(variants.map((variant) => [variant.sku, variant]));
  const first = bySku.get(wish.items[0]?.sku ?? '');
  const currency = wish.currency ?? first?.currency ?? '';
  const skus = wish.items.map(({ sku, title, price, allocation }) => {
    const variant = bySku.get(sku);
    const listPrice = variant?.currency === currency ? variant.price : NO_PRICE;
    return { sku, title: title ?? variant?.title ?? sku, price: price ?? listPrice, allocation: { ...allocation } };
  });
  const passSeconds = wish.passSeconds ?? DROP_DEFAULTS.passSeconds;
  const perSecond = wish.admission?.perSecond ?? DROP_DEFAULTS.perSecond;
  return {
    title: wish.title ?? first?.title ?? '',
    currency,
    skus,
    mode: wish.mode ?? DROP_DEFAULTS.mode,
    lobbyOpensAt: wish.lobbyOpensAt ?? lobbyBefore(wish.startsAt, nowMs),
    startsAt: wish.startsAt,
    endsAt: wish.endsAt ?? wish.startsAt + DROP_DEFAULTS.saleMs,
    perShopperLimit: wish.perShopperLimit ?? DROP_DEFAULTS.perShopperLimit,
    holdSeconds: wish.holdSeconds ?? DROP_DEFAULTS.holdSeconds,
    passSeconds,
    admission: { perSecond, maxActive: wish.admission?.maxActive ?? activeAtPace(perSecond, passSeconds) },
    lanes: (wish.lanes ?? DROP_DEFAULTS.lanes).map((lane) => ({ ...lane })),
    challenge: wish.challenge ?? DROP_DEFAULTS.challenge,
  };
}

/** As many passes as live at once when everybody who is admitted takes all of their time. */
export function activeAtPace(perSecond: number, passSeconds: number): number {
  return Math.max(1, Math.min(LIMITS.activePasses, perSecond * passSeconds));
}

/** Not in the past where the start is near, and never after it. */
function lobbyBefore(startsAt: number, nowMs: number): number {
  return Math.max(0, Math.min(startsAt, Math.max(startsAt - DROP_DEFAULTS.lobbyMs, nowMs + MINUTE_MS / 4)));
}
