/** A drop as the store publishes it and as the edge, the workers and the benches know it. */
import Type, { type Static } from 'typebox';
import { UUID_V7_PATTERN } from './ids.ts';
import { LIMITS } from './limits.ts';
import { REGION_PATTERN } from './regions.ts';

export const SKU_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';
export const CURRENCY_PATTERN = '^[A-Z]{3}$';

const epochMs = (description: string) => Type.Integer({ minimum: 0, maximum: 2 ** 48 - 1, description });
const count = (maximum: number, minimum = 0) => Type.Integer({ minimum, maximum });

export const DropSku = Type.Object(
  {
    sku: Type.String({ pattern: SKU_PATTERN }),
    title: Type.String({ minLength: 1, maxLength: LIMITS.titleChars }),
    price: Type.Integer({ minimum: 0, maximum: LIMITS.priceMinor, description: 'Minor units of the currency.' }),
    allocation: Type.Record(Type.String({ pattern: REGION_PATTERN.source }), count(LIMITS.unitsPerSku), {
      description: 'Units given to each region.',
    }),
  },
  { additionalProperties: false },
);

export const Lane = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
    weight: count(1_000, 1),
    tier: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
  },
  { additionalProperties: false },
);

export const DropDefinition = Type.Object(
  {
    id: Type.String({ pattern: UUID_V7_PATTERN }),
    /** Grows with each change: a reader never replaces a newer definition by an older one. */
    revision: count(2 ** 31, 1),
    title: Type.String({ minLength: 1, maxLength: LIMITS.titleChars }),
    currency: Type.String({ pattern: CURRENCY_PATTERN }),
    skus: Type.Array(DropSku, { minItems: 1, maxItems: LIMITS.skusPerDrop }),
    mode: Type.Union([Type.Literal('lottery'), Type.Literal('fifo')]),
    state: Type.Union([Type.Literal('scheduled'), Type.Literal('paused'), Type.Literal('ended')]),
    lobbyOpensAt: epochMs('From here on shoppers may join.'),
    startsAt: epochMs('From here on shoppers are admitted.'),
    endsAt: epochMs('From here on nothing can be claimed.'),
    perShopperLimit: count(LIMITS.unitsPerShopper, 1),
    holdSeconds: count(LIMITS.holdSeconds, 1),
    passSeconds: count(LIMITS.passSeconds, 1),
    admission: Type.Object(
      { perSecond: count(LIMITS.admissionsPerSecond, 1), maxActive: count(LIMITS.activePasses, 1) },
      { additionalProperties: false },
    ),
    lanes: Type.Array(Lane, { minItems: 1, maxItems: LIMITS.lanesPerDrop }),
    challenge: Type.Union([Type.Literal('off'), Type.Literal('auto'), Type.Literal('always')]),
    commit: Type.Union([Type.String({ pattern: '^[0-9a-f]{64}$' }), Type.Null()], {
      description: 'The commitment to the seed of the draw; null in fifo mode.',
    }),
  },
  { additionalProperties: false },
);

export type DropSku = Static<typeof DropSku>;
export type DropDefinition = Static<typeof DropDefinition>;

/** What a drop is doing at a moment. `drawing` and `sold-out` come from the line and the stock, not from the clock. */
export type DropPhase = 'before' | 'lobby' | 'live' | 'paused' | 'ended';

export function phaseOf(drop: DropDefinition, nowMs: number): DropPhase {
  if (drop.state === 'ended' || nowMs >= drop.endsAt) return 'ended';
  if (drop.state === 'paused') return 'paused';
  if (nowMs >= drop.startsAt) return 'live';
  return nowMs >= drop.lobbyOpensAt ? 'lobby' : 'before';
}

/** Every region that the drop is published to: only there are its terms known and its units for sale. */
export function regionsOf(drop: DropDefinition): string[] {
  return [...new Set(drop.skus.flatMap(({ allocation }) => Object.keys(allocation)))];
}
