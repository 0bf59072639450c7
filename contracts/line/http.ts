/** What clients without a WebSocket send to the edge. What they get has the fields of the messages of the same names. */
import Type, { type Static } from 'typebox';
import { SKU_PATTERN } from '../drop.ts';
import { UUID_V7_PATTERN } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { REGION_PATTERN } from '../regions.ts';

export const JoinRequest = Type.Object(
  {
    nonce: Type.String({ minLength: 1, maxLength: LIMITS.nonceChars }),
    region: Type.Optional(Type.String({ pattern: REGION_PATTERN.source })),
    ticket: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.ticketChars })),
    proof: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.proofChars })),
  },
  { additionalProperties: false },
);
export type JoinRequest = Static<typeof JoinRequest>;

export const ClaimRequest = Type.Object(
  {
    sku: Type.String({ pattern: SKU_PATTERN }),
    qty: Type.Integer({ minimum: 1, maximum: LIMITS.unitsPerClaim }),
    payment: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'A saved payment method.' })),
  },
  { additionalProperties: false },
);
export type ClaimRequest = Static<typeof ClaimRequest>;
