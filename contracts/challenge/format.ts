/**
 * How a challenge and its answer are written. They are ALTCHA's (v2): `challenge` of a welcome is its challenge as JSON,
 * `proof` of a join its payload as base64, so that its widget and its libraries in other languages solve it as well.
 */
import Type, { type Static } from 'typebox';

/** Native in every browser and in Node, so a page needs no code of its own for the work. */
export const CHALLENGE_ALGORITHM = 'PBKDF2/SHA-256';

const hex = (maxLength: number) => Type.String({ pattern: '^([0-9a-f]{2})+$', maxLength });

export const Challenge = Type.Object(
  {
    parameters: Type.Object(
      {
        algorithm: Type.Literal(CHALLENGE_ALGORITHM),
        cost: Type.Integer({ minimum: 1, maximum: 100_000 }),
        data: Type.Object(
          { drop: Type.String({ maxLength: 64 }), level: Type.Integer({ minimum: 1, maximum: 100 }) },
          { additionalProperties: false },
        ),
        expiresAt: Type.Integer({ minimum: 0, description: 'Epoch seconds.' }),
        keyLength: Type.Integer({ minimum: 8, maximum: 64 }),
        keyPrefix: hex(128),
        keySignature: hex(128),
        nonce: hex(64),
        salt: hex(64),
      },
      { additionalProperties: false },
    ),
    signature: hex(128),
  },
  { additionalProperties: false },
);
export type Challenge = Static<typeof Challenge>;

export const Proof = Type.Object({
  challenge: Challenge,
  solution: Type.Object({
    counter: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
    derivedKey: hex(128),
    time: Type.Optional(Type.Number()),
  }),
});
export type Proof = Static<typeof Proof>;
