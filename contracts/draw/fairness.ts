/** What everybody may know of a draw, and when: GET /api/v1/drops/{id}/fairness. */
import Type, { type Static } from 'typebox';
import { UUID_V7_PATTERN } from '../ids.ts';
import { ENTRANT_ID_PATTERN } from './entrant.ts';
import { DrawProof, HASH_PATTERN } from './proof.ts';

const orNull = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const Hash = Type.String({ pattern: HASH_PATTERN });

export const FairnessReport = Type.Object({
  dropId: Type.String({ pattern: UUID_V7_PATTERN }),
  state: Type.Union([Type.Literal('committed'), Type.Literal('closed'), Type.Literal('drawn')], {
    description: 'closed: the list of entrants is final and its root is told. drawn: the seed is revealed.',
  }),
  algorithm: Type.String(),
  iterations: Type.Integer({ minimum: 1, description: 'Rounds of PBKDF2 between the root and the key.' }),
  commit: Type.String({ pattern: HASH_PATTERN, description: 'SHA-256 of the seed, published before the lobby opens.' }),
  startsAt: Type.Integer({ description: 'The end of the lobby.' }),
  entrants: orNull(Type.Integer({ minimum: 0 }), 'Null while the lobby is open.'),
  root: orNull(Hash, 'Merkle root of the entrants; null while the lobby is open.'),
  toldAt: orNull(Type.Integer(), 'When the root was written down.'),
  seed: orNull(Hash, 'Null before the draw is done.'),
  placesRoot: orNull(Hash, 'Merkle root of the places; null before the draw is done.'),
  drawnAt: orNull(Type.Integer(), 'When the draw was written down.'),
  proof: Type.Optional(orNull(DrawProof, 'Of the entrant that was asked for; null before the draw is done.')),
});
export type FairnessReport = Static<typeof FairnessReport>;

/** A line of GET /api/v1/drops/{id}/fairness/entrants. */
export const EntrantLine = Type.Object({
  entrantId: Type.String({ pattern: ENTRANT_ID_PATTERN }),
  lane: Type.String({ minLength: 1, maxLength: 64 }),
  nonce: Type.String({ maxLength: 255 }),
  place: Type.Integer({ minimum: 1 }),
});
export type EntrantLine = Static<typeof EntrantLine>;
