/** The drop that the bench sells, and fresh claims for it. */
import type { DropDefinition } from '../../contracts/drop.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { createKeys } from '../../reservation-core/keys.ts';

export const SKU = 'SNEAKER-42';
/** Units: more than any run can sell. */
export const PLENTY = 50_000_000;
export const UNIT_PRICE = 4_900;
export const KEYS_PREFIX = 'bench';
export const KEYS = createKeys(KEYS_PREFIX);
export const HOLD_SECONDS = 600;
const HOUR_MS = 3_600_000;

const nextId = createIdSource({ now: () => Date.now() });

export interface FreshClaim {
  readonly claimId: string;
  readonly shopperId: string;
  readonly holdUntilMs: number;
  readonly event: string;
}

export function makeDrop(nowMs: number, regions: readonly string[], units: number): DropDefinition {
  const allocation = Object.fromEntries(regions.map((region) => [region, units]));
  return {
    id: nextId(),
    revision: 1,
    title: 'Bench drop',
    currency: 'EUR',
    skus: [{ sku: SKU, title: 'Sneaker 42', price: UNIT_PRICE, allocation }],
    mode: 'fifo',
    state: 'scheduled',
    lobbyOpensAt: nowMs - HOUR_MS,
    startsAt: nowMs - HOUR_MS,
    endsAt: nowMs + HOUR_MS,
    perShopperLimit: 2,
    holdSeconds: HOLD_SECONDS,
    passSeconds: HOLD_SECONDS,
    admission: { perSecond: 1_000, maxActive: 1_000 },
    lanes: [{ name: 'main', weight: 1, tier: 'all' }],
    challenge: 'off',
    commit: null,
  };
}

/** Claims of new shoppers. `event` is what the product's script writes about a claim, for the bare one to write as well. */
export function createClaimSource(): () => FreshClaim {
  return () => {
    const [claimId, shopperId, now] = [nextId(), nextId(), Date.now()];
    const holdUntilMs = now + HOLD_SECONDS * 1_000;
    const event = `${claimId}|${SKU}|1|${shopperId}|${claimId}|${holdUntilMs}|${UNIT_PRICE}|`;
    return { claimId, shopperId, holdUntilMs, event };
  };
}
