import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardCell, joinList, joinPairs, readPrice, splitList, splitPairs, unguardCell, writePrice } from './cells.ts';

const part = fc.string({ minLength: 1 }).filter((text) => text.trim() === text);

describe('cells', () => {
  it('give back what was written into them', () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(splitList(joinList(parts))).toEqual(parts);
      }),
    );
    const pairs = fc.dictionary(part, part, { noNullPrototype: true }).map((all) => ({ ...all }));
    fc.assert(
      fc.property(pairs, (all) => {
        fc.pre(!Object.hasOwn(all, '__proto__'));
        expect(splitPairs(joinPairs(all))).toEqual(all);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unguardCell(guardCell(text))).toBe(text);
        expect(guardCell(text)).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('USD', 'JPY', 'KWD'), (minor, currency) => {
        expect(readPrice(writePrice(minor, currency), currency)).toBe(minor);
      }),
    );
  });

  it.each([
    ['49', 'USD', 4_900],
    ['49.5', 'USD', 4_950],
    ['49.995', 'USD', undefined],
    ['49.0', 'JPY', undefined],
    ['-1', 'USD', undefined],
    ['1e3', 'USD', undefined],
    ['1,50', 'USD', undefined],
    ['', 'USD', undefined],
    ['999999999999999', 'KWD', undefined],
  ])('read the price "%s" of %s as %s', (cell, currency, minor) => {
    expect(readPrice(cell, currency)).toBe(minor);
  });

  it.each(['color', '=', 'a=1|a=2', 'a=b=c', 'a=1|'])('know that "%s" is no pairs', (cell) => {
    const pairs = splitPairs(cell);
    expect(pairs === undefined || Object.keys(pairs).includes('')).toBe(true);
  });
});
