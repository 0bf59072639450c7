import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';
import { decimalsOf, minorOfMajor } from './currencies.ts';
import { type Rounding, share } from './share.ts';

const amount = fc.oneof(fc.nat(10_000), fc.maxSafeNat());
const roundings: Rounding[] = ['half-up', 'half-even', 'down'];

describe('share', () => {
  it('is the exact fraction, rounded as asked, however large the amount', () => {
    fc.assert(
      fc.property(
        amount,
        fc.nat(2_000_000),
        fc.integer({ min: 1, max: 2_000_000 }),
        fc.constantFrom(...roundings),
        (of, top, bottom, rounding) => {
          fc.pre(top <= bottom);
          const [exactTop, exactBottom] = [BigInt(of) * BigInt(top), BigInt(bottom)];
          const off = BigInt(share(of, top, bottom, rounding)) * exactBottom - exactTop;
          if (rounding === 'down') expect(off <= 0n && -off < exactBottom).toBe(true);
          else expect((off < 0n ? -off : off) * 2n <= exactBottom).toBe(true);
        },
      ),
    );
  });

  it.each([
    [5, 'half-up', 3],
    [5, 'half-even', 2],
    [7, 'half-even', 4],
    [5, 'down', 2],
    [Number.MAX_SAFE_INTEGER, 'half-up', 4_503_599_627_370_496],
    [Number.MAX_SAFE_INTEGER, 'half-even', 4_503_599_627_370_496],
    [Number.MAX_SAFE_INTEGER, 'down', 4_503_599_627_370_495],
  ] as const)('takes half of %d, %s, for %d', (of, rounding, half) => {
    expect(share(of, 1, 2, rounding)).toBe(half);
  });
});

describe('allocate', () => {
  const weights = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 30 });

  it('loses no unit, and gives nobody a whole unit more or less than is due', () => {
    fc.assert(
      fc.property(amount, weights, (of, shares) => {
        const parts = allocate(of, shares);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(of);
        const sum = shares.reduce((total, weight) => total + weight, 0);
        if (sum === 0) return;
        for (const [at, part] of parts.entries()) {
          const off = BigInt(part) * BigInt(sum) - BigInt(of) * BigInt(shares[at] ?? 0);
          expect(off < BigInt(sum) && off > -BigInt(sum)).toBe(true);
        }
      }),
    );
  });

  it('gives what is left to who lost most, the first of equals first', () => {
    expect(allocate(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(allocate(5, [0, 0])).toEqual([3, 2]);
    expect(allocate(1, [1, 2])).toEqual([0, 1]);
    expect(allocate(7, [])).toEqual([]);
    expect(allocate(0, [3, 4])).toEqual([0, 0]);
  });
});

describe('currencies', () => {
  it('know their minor units', () => {
    expect(['EUR', 'JPY', 'KWD'].map(decimalsOf)).toEqual([2, 0, 3]);
    expect(['EUR', 'JPY', 'KWD'].map((currency) => minorOfMajor(1_000, currency))).toEqual([100_000, 1_000, 1_000_000]);
  });
});
