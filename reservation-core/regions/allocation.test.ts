import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateByDemand, allocateByWeight, allocateEvenly } from './allocation.ts';

const sum = (shares: ReadonlyMap<string, number>): number => [...shares.values()].reduce((a, b) => a + b, 0);
const units = fc.integer({ min: 0, max: 100_000_000 });
const regions = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 64 });
const weight = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.double({ min: 0, max: 1e9, noNaN: true, noDefaultInfinity: true }),
);

describe('an allocation plan', () => {
  it('gives every unit to exactly one region, whatever the weights', () => {
    fc.assert(
      fc.property(units, fc.array(fc.tuple(fc.string(), weight), { minLength: 1, maxLength: 64 }), (given, entries) => {
        const weights = new Map(entries);
        fc.pre(sum(weights) > 0);
        const shares = allocateByWeight(given, weights);
        expect(sum(shares)).toBe(given);
        expect([...shares.keys()]).toEqual([...weights.keys()]);
        for (const [region, share] of shares) {
          expect(Number.isSafeInteger(share) && share >= 0).toBe(true);
          if (weights.get(region) === 0) expect(share).toBe(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is even to the unit', () => {
    fc.assert(
      fc.property(units, regions, (given, names) => {
        const shares = [...allocateEvenly(given, names).values()];
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
    expect([...allocateEvenly(10, ['a', 'b', 'c'])]).toEqual([
      ['a', 4],
      ['b', 3],
      ['c', 3],
    ]);
  });

  it('follows past demand, and leaves a part to regions without any', () => {
    const shares = allocateByDemand(3_000, new Map([...Object.entries({ eu: 900, asia: 100, mars: 0 })]));
    expect(sum(shares)).toBe(3_000);
    expect([...shares]).toEqual([
      ['eu', 2_530],
      ['asia', 370],
      ['mars', 100],
    ]);
    expect([...allocateByDemand(4, new Map([...Object.entries({ a: 0, b: 0 })])).values()]).toEqual([2, 2]);
  });

  it('is refused for what are no units or no weights', () => {
    expect(() => allocateEvenly(1.5, ['a'])).toThrow(RangeError);
    expect(() => allocateEvenly(-1, ['a'])).toThrow(RangeError);
    expect(() => allocateEvenly(1, [])).toThrow(RangeError);
    expect(() => allocateByWeight(1, new Map([['a', 0]]))).toThrow(RangeError);
    expect(() => allocateByWeight(1, new Map([['a', Number.NaN]]))).toThrow(RangeError);
  });
});
