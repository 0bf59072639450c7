import Type from 'typebox';
import { CURRENCY_PATTERN, SKU_PATTERN } from '../drop.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../line/messages.ts';
import { REGION_PATTERN } from '../regions.ts';
import { epochMs, eventSchema, minor, units, uuid } from './envelope.ts';

const claim = {
  claimId: uuid(),
  dropId: uuid(),
  region: Type.String({ pattern: REGION_PATTERN.source }),
  shopperId: uuid(),
  sku: Type.String({ pattern: SKU_PATTERN }),
  quantity: units(),
};

const won = {
  ...claim,
  /** The shopper's idempotency key: a rebuilt region has to know it again (invariant 4). */
  key: Type.String({ pattern: IDEMPOTENCY_KEY_PATTERN }),
  title: Type.String({ minLength: 1 }),
  unitPrice: minor(),
  currency: Type.String({ pattern: CURRENCY_PATTERN }),
  claimedAt: epochMs(),
  holdUntil: epochMs(),
};

/** A claim took units from the stock. The event's id is the claim's id. */
export const ClaimWonV1 = eventSchema('claims.won', 1, Type.Object(won, { additionalProperties: false }));

/** Says how it shall be paid: by a saved payment method, or not yet. Whose the method is, is not checked here. */
export const ClaimWonV2 = eventSchema(
  'claims.won',
  2,
  Type.Object({ ...won, payment: Type.Union([uuid(), Type.Null()]) }, { additionalProperties: false }),
);

/** A hold ended without a sale: its units are available again. */
export const ClaimReleasedV1 = eventSchema(
  'claims.released',
  1,
  Type.Object(
    { ...claim, reason: Type.Union([Type.Literal('expired'), Type.Literal('declined'), Type.Literal('cancelled')]) },
    { additionalProperties: false },
  ),
);
