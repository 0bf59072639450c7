import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../test/servers/database.ts';
import { plainArray, textArray } from './array-literal.ts';

const database = useDatabase({ migrated: false });

describe('an array as text', () => {
  it('is read by PostgreSQL as what it was made of', async () => {
    // PostgreSQL keeps no NUL in a text, and refuses it; half a surrogate pair is no character in UTF-8.
    const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0') && one.isWellFormed());
    const special = fc.constantFrom('', 'NULL', 'null', '"', '\\', '\\"', '{', '}', ',', '{"a":"b\\n"}', ' ', '\n');
    const texts = fc.array(fc.oneof(text, special, fc.constant(null)), { maxLength: 20 });
    const numbers = fc.array(fc.oneof(fc.maxSafeInteger(), fc.constant(null)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(texts, numbers, async (words, figures) => {
        const { rows } = await database.pool.query('select $1::text[] as words, $2::bigint[]::text[] as figures', [
          textArray(words),
          plainArray(figures),
        ]);
        expect(rows).toEqual([{ words, figures: figures.map((figure) => (figure === null ? null : String(figure))) }]);
      }),
      { numRuns: 200 },
    );
  });
});
