import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FraudFacts, scoreOrder, verdictOf } from './score.ts';

const DAY_MS = 24 * 3_600_000;
const harmless: FraudFacts = {
  accountAgeMs: 7 * DAY_MS,
  accountBlocked: false,
  totalMinor: 100_000,
  currency: 'EUR',
  addressesDiffer: false,
  ordersWithinHour: 5,
  flags: ['something-else'],
};

const facts: fc.Arbitrary<FraudFacts> = fc.record({
  accountAgeMs: fc.nat(14 * DAY_MS),
  accountBlocked: fc.boolean(),
  totalMinor: fc.nat(200_000),
  currency: fc.constantFrom('EUR', 'JPY'),
  addressesDiffer: fc.boolean(),
  ordersWithinHour: fc.nat(10),
  flags: fc.subarray(['suspicious-device', 'other']),
});

describe('the fraud score', () => {
  it('is nothing at the edge of every rule', () => {
    expect(scoreOrder(harmless)).toEqual({ score: 0, verdict: 'clear', signals: [] });
  });

  it.each<[string, number, Partial<FraudFacts>]>([
    ['new-account', 20, { accountAgeMs: 7 * DAY_MS - 1 }],
    ['large-total', 15, { totalMinor: 100_001 }],
    ['large-total', 15, { totalMinor: 1_001, currency: 'JPY' }],
    ['addresses-differ', 10, { addressesDiffer: true }],
    ['many-orders', 25, { ordersWithinHour: 6 }],
    ['suspicious-device', 30, { flags: ['suspicious-device'] }],
    ['blocked-account', 100, { accountBlocked: true }],
  ])('has %s for %d points', (signal, points, changed) => {
    expect(scoreOrder({ ...harmless, ...changed })).toMatchObject({ score: points, signals: [{ signal, points }] });
  });

  it('reviews above 40 and blocks above 70', () => {
    expect([40, 41, 70, 71].map(verdictOf)).toEqual(['clear', 'review', 'review', 'blocked']);
  });

  it('is the sum of the signals that it lists, and decides by it alone', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { score, verdict, signals } = scoreOrder(given);
        expect(signals.reduce((sum, { points }) => sum + points, 0)).toBe(score);
        expect(verdict).toBe(verdictOf(score));
        if (given.accountBlocked) expect(verdict).toBe('blocked');
      }),
    );
  });
});
