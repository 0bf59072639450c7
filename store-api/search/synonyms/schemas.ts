import Type from 'typebox';
import type { SynonymRow } from '../../../db/queries/search/synonyms.ts';
import { uuid } from '../schemas.ts';

export const Terms = Type.Object(
  {
    terms: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), {
      minItems: 2,
      maxItems: 20,
      description: 'Words, or runs of up to three words. Each finds what the others find.',
    }),
  },
  { additionalProperties: false },
);

export const Synonym = Type.Object({ id: Type.String(), terms: Type.Array(Type.String()), updatedAt: Type.Integer() });
export const ById = Type.Object({ id: uuid() });

export const shown = ({ id, terms, updatedAtMs }: SynonymRow) => ({
  id,
  terms: [...terms],
  updatedAt: Number(updatedAtMs),
});
export const NOT_TWO = 'A group needs two different terms.';
