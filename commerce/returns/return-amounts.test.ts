import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paidFor, returnAmount } from './return-amounts.ts';

const line = fc
  .record({
    quantity: fc.integer({ min: 1, max: 99 }),
    unitPriceMinor: fc.nat(1_000_000_000_00),
    discountShare: fc.double({ min: 0, max: 1, noNaN: true }),
    taxMinor: fc.nat(1_000_000),
  })
  .map(({ discountShare, ...given }) => ({
    ...given,
    discountMinor: Math.floor(given.quantity * given.unitPriceMinor * discountShare),
  }));

describe('what comes back for a return', () => {
  it('is what was paid, for all units in however many parts', () => {
    fc.assert(
      fc.property(line, fc.array(fc.nat(30)), (paid, parts) => {
        let [returned, given] = [0, 0];
        for (const part of [...parts, paid.quantity]) {
          const units = Math.min(part, paid.quantity - returned);
          const amount = returnAmount(paid, returned, units);
          expect(Number.isSafeInteger(amount)).toBe(true);
          expect(amount).toBeGreaterThanOrEqual(0);
          returned += units;
          given += amount;
          expect(given).toBeLessThanOrEqual(paidFor(paid));
        }
        expect(given).toBe(paidFor(paid));
      }),
    );
  });

  it('differs by no more than a minor unit between units of one line', () => {
    fc.assert(
      fc.property(line, (paid) => {
        const each = Array.from({ length: paid.quantity }, (_none, returned) => returnAmount(paid, returned, 1));
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has the discount and the tax of the line in it', () => {
    const paid = { quantity: 3, unitPriceMinor: 1_000, discountMinor: 100, taxMinor: 551 };
    expect([returnAmount(paid, 0, 1), returnAmount(paid, 1, 2)]).toEqual([1_150, 2_301]);
    expect(() => returnAmount(paid, 2, 2)).toThrow(RangeError);
  });
});
