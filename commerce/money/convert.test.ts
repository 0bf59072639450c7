import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertForDisplay, worthOf } from './convert.ts';

const rates = { EUR: '0.9200000000', JPY: '150.25', KWD: '0.31', CHF: '0.88' };

describe('a price in another currency', () => {
  it.each([
    [10_000, 'USD', 'EUR', 9_200],
    [9_200, 'EUR', 'USD', 10_000],
    [10_000, 'USD', 'JPY', 15_025],
    [15_025, 'JPY', 'USD', 10_000],
    [10_000, 'USD', 'KWD', 31_000],
    [1_999, 'USD', 'CHF', 1_760],
    [4_900, 'EUR', 'EUR', 4_900],
    [0, 'USD', 'EUR', 0],
  ] as const)('%d %s in %s is %d', (amount, from, to, converted) => {
    expect(convertForDisplay(amount, from, to, rates)).toBe(converted);
  });

  it('is unknown where a rate is, or where no number could hold it', () => {
    expect(convertForDisplay(100, 'USD', 'SEK', rates)).toBeUndefined();
    expect(convertForDisplay(100, 'toString', 'USD', rates)).toBeUndefined();
    expect(convertForDisplay(Number.MAX_SAFE_INTEGER, 'USD', 'JPY', { JPY: '100000' })).toBeUndefined();
  });

  it('never turns the order of two prices around', () => {
    const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CHF');
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), currency, currency, (a, b, from, to) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [convertedLow, convertedHigh] = [low, high].map((amount) => convertForDisplay(amount, from, to, rates));
        expect(convertedLow).toBeLessThanOrEqual(convertedHigh ?? 0);
      }),
    );
  });
});

describe('the worth of a minor unit', () => {
  it('is a decimal number, and at par where no rate is known', () => {
    expect(worthOf('USD', 'EUR', rates)).toBe('0.920000000000');
    expect(worthOf('JPY', 'USD', rates)).toBe('0.665557404326');
    expect(worthOf('JPY', 'SEK', rates)).toBe('100.000000000000');
    expect(worthOf('EUR', 'EUR', rates)).toBe('1.000000000000');
  });
});
