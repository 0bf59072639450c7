/** The drop that the bench sells, and fresh claims for it. */
import type { DropDefinition } from '../../contracts/drop.ts';
import { encodeEvent } from '../../contracts/events/codec.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { createKeys } from '../../reservation-core/keys.ts';

export const SKU = 'SNEAKER-42';
export const KEYS = createKeys('bench');
const HOLD_SECONDS = 600;
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
    skus: [{ sku: SKU, title: 'Sneaker 42', price: 4_900, allocation }],
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

const CLAIM_ID = 'claim-id-goes-here';
const SHOPPER_ID = 'shopper-id-goes-here';
const CLAIMED_AT = 1_111_111_111_111;
const HOLD_UNTIL = 2_222_222_222_222;

/**
 * Claims of new shoppers, each with its event. The event is encoded once and its ids and times are then put into the
 * text: the bench measures the core, and a generator that spends its core on JSON would measure itself.
 */
export function createClaimSource(dropId: string, region: string): () => FreshClaim {
  const text = encodeEvent({
    type: 'claims.won',
    v: 1,
    id: CLAIM_ID,
    at: CLAIMED_AT,
    data: {
      claimId: CLAIM_ID,
      key: CLAIM_ID,
      claimedAt: CLAIMED_AT,
      holdUntil: HOLD_UNTIL,
      dropId,
      region,
      shopperId: SHOPPER_ID,
      sku: SKU,
      quantity: 1,
      title: 'Sneaker 42',
      unitPrice: 4_900,
      currency: 'EUR',
    },
  });
  const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''] = text.split(
    new RegExp([CLAIM_ID, SHOPPER_ID, CLAIMED_AT, HOLD_UNTIL].join('|')),
  );
  return () => {
    const [claimId, shopperId, now] = [nextId(), nextId(), Date.now()];
    const holdUntilMs = now + HOLD_SECONDS * 1_000;
    const event = `${a}${claimId}${b}${now}${c}${claimId}${d}${claimId}${e}${now}${f}${holdUntilMs}${g}${shopperId}${h}`;
    return { claimId, shopperId, holdUntilMs, event };
  };
}
