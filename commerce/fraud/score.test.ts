import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateOrders } from './generated.ts';
import { DEFAULT_POINTS, type VersionedModel } from './model.ts';
import { type FraudFacts, scoreOrder, verdictOf } from './score.ts';
import { bounds, checkTable, FRAUD_TABLE, HARMLESS } from './table.ts';
import { trainModel } from './train.ts';

const DAY_MS = 24 * 3_600_000;

const facts: fc.Arbitrary<FraudFacts> = fc.record({
  accountAgeMs: fc.nat(14 * DAY_MS),
  accountBlocked: fc.boolean(),
  totalMinor: fc.nat(200_000),
  currency: fc.constantFrom('EUR', 'JPY'),
  addressesDiffer: fc.option(fc.boolean()),
  ordersWithinHour: fc.nat(10),
  flags: fc.subarray(['suspicious-device', 'other']),
  isGuest: fc.boolean(),
  disposableMail: fc.option(fc.boolean()),
  hour: fc.nat(23),
  units: fc.integer({ min: 1, max: 50 }),
  earlierOrders: fc.option(fc.nat(50)),
  failedPayments: fc.option(fc.nat(50)),
  accountsOnDevice: fc.option(fc.nat(50)),
});

const model: VersionedModel = {
  version: 7,
  model: trainModel(generateOrders({ orders: 3_000, seed: 5, untilMs: 1_800_000_000_000 }), { ridge: 0.001 }),
};

describe('the table of points', () => {
  it('is kept to the point', () => {
    expect(checkTable().filter(({ isRight }) => !isRight)).toEqual([]);
    expect(bounds()).toEqual({ reviewFrom: 41, blockedFrom: 71 });
  });

  it('would show a row that is wrong', () => {
    const [first, ...others] = FRAUD_TABLE;
    const wrong = [{ ...first, says: 'wrong', facts: {}, score: 1, verdict: 'clear' as const }, ...others];
    expect(checkTable(wrong).filter(({ isRight }) => !isRight)).toMatchObject([{ says: 'wrong', got: { score: 0 } }]);
  });
});

describe('the fraud score', () => {
  it('counts a total in units of its currency', () => {
    const yen = (totalMinor: number) => scoreOrder({ ...HARMLESS, currency: 'JPY', totalMinor }).score;
    expect([yen(1_000), yen(1_001)]).toEqual([0, 15]);
  });

  it('has no point for what nobody knows', () => {
    const unknown = { addressesDiffer: null, disposableMail: null, earlierOrders: null, failedPayments: null };
    expect(scoreOrder({ ...HARMLESS, ...unknown, accountsOnDevice: null })).toMatchObject({ score: 0 });
  });

  it('is the sum of the signals that it lists, and decides by it alone, with a model and without', () => {
    fc.assert(
      fc.property(facts, fc.boolean(), (given, withModel) => {
        const { score, verdict, signals, model: said } = scoreOrder(given, withModel ? model : undefined);
        expect(signals.reduce((sum, { points }) => sum + points, 0)).toBe(score);
        expect(verdict).toBe(verdictOf(score));
        if (given.accountBlocked) expect(verdict).toBe('blocked');
        const ofModel = signals.find(({ signal }) => signal === 'model')?.points ?? 0;
        // Never by itself.
        expect(ofModel).toBeLessThanOrEqual(DEFAULT_POINTS.at(-1)?.points ?? 0);
        if (verdict === 'clear' || !withModel) expect(said).toBeNull();
        else expect(said).toMatchObject({ version: 7, points: ofModel });
      }),
    );
  });
});
