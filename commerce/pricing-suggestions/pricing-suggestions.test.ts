import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoryPrior, estimateElasticity, USUAL_ELASTICITY } from './elasticity.ts';
import { pricePeriods } from './price-periods.ts';
import { type PriceQuestion, priceFor, suggestPrice } from './suggest.ts';

const question = (changes: Partial<PriceQuestion> = {}): PriceQuestion => ({
  ...{ price: 1_000, floor: 600, ceiling: 2_000, cost: null, stock: 300, days: 28 },
  ...{ demand: { mean: 280, deviation: 20 }, elasticity: { value: -1.6, deviation: 0.7 } },
  ...changes,
});

const questions = fc
  .record({
    price: fc.integer({ min: 1, max: 10_000_000 }),
    bounds: fc.tuple(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 0, max: 10_000_000 })),
    costPart: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    stock: fc.integer({ min: 1, max: 1_000_000 }),
    mean: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
    deviation: fc.double({ min: 0, max: 1e5, noNaN: true }),
    elasticity: fc.double({ min: -5, max: -0.2, noNaN: true }),
    doubt: fc.double({ min: 0.01, max: 1, noNaN: true }),
  })
  .map(({ price, bounds, costPart, stock, mean, deviation, elasticity, doubt }): PriceQuestion => {
    const [floor, ceiling] = [Math.min(...bounds), Math.max(...bounds)];
    const cost = costPart === null ? null : Math.floor(costPart * floor);
    const demand = { mean, deviation };
    return {
      price,
      floor,
      ceiling,
      cost,
      stock,
      days: 28,
      demand,
      elasticity: { value: elasticity, deviation: doubt },
    };
  });

describe('a suggested price', () => {
  it('is never below the floor nor above the ceiling, and a whole number', () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const suggestion = suggestPrice(asked);
        if (suggestion === undefined) return;
        expect(Number.isSafeInteger(suggestion.price)).toBe(true);
        expect(suggestion.price).toBeGreaterThanOrEqual(asked.floor);
        expect(suggestion.price).toBeLessThanOrEqual(asked.ceiling);
        for (const { revenue, revenueLow, revenueHigh, units } of [suggestion.kept, suggestion.changed]) {
          expect(revenueLow).toBeLessThanOrEqual(revenue);
          expect(revenueHigh).toBeGreaterThanOrEqual(revenue);
          expect(units).toBeLessThanOrEqual(asked.stock);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not rise with the stock, nor fall with what is asked for', () => {
    fc.assert(
      fc.property(
        questions,
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        (asked, more, times) => {
          expect(priceFor({ ...asked, stock: asked.stock + more })).toBeLessThanOrEqual(priceFor(asked));
          const wanted = { ...asked.demand, mean: times * asked.demand.mean };
          expect(priceFor({ ...asked, demand: wanted })).toBeGreaterThanOrEqual(priceFor(asked));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('leaves the price of now where nothing speaks for another', () => {
    expect(suggestPrice(question())).toBeUndefined();
    expect(suggestPrice(question({ stock: 0 }))).toBeUndefined();
    expect(suggestPrice(question({ demand: { mean: 0, deviation: 0 } }))).toBeUndefined();
  });

  it('rises, in steps, where there is too little, and falls where there is much more than will be asked for', () => {
    expect(suggestPrice(question({ stock: 100 }))).toMatchObject({ price: 1_150, reason: 'scarce' });
    const plenty = suggestPrice(question({ stock: 2_800 }));
    expect(plenty).toMatchObject({ price: 850, reason: 'plenty', lastsDays: 280 });
    expect(plenty?.changed.units).toBeGreaterThan(plenty?.kept.units ?? 0);
    expect(suggestPrice(question({ stock: 2_800, floor: 930 }))?.price).toBe(930);
    expect(suggestPrice(question({ stock: 100, ceiling: 1_080 }))?.price).toBe(1_080);
    expect(suggestPrice(question({ price: 500 }))).toMatchObject({ price: 600, reason: 'bounds' });
  });

  it('earns the most above a cost that is known', () => {
    // 600 · 1.6 / 0.6 = 1,600, by steps of 15 %.
    expect(suggestPrice(question({ cost: 600, stock: 280 }))).toMatchObject({ price: 1_150, reason: 'margin' });
    expect(suggestPrice(question({ cost: 600, price: 1_590, stock: 280 }))).toBeUndefined();
    const elastic = { value: -4, deviation: 0.2 };
    expect(suggestPrice(question({ cost: 600, elasticity: elastic, stock: 550 }))).toMatchObject({
      price: 850,
      reason: 'margin',
    });
    // It does not become cheaper than it takes to sell all there is.
    expect(suggestPrice(question({ cost: 600, elasticity: elastic, stock: 400 }))).toMatchObject({ price: 915 });
  });
});

describe('elasticity', () => {
  const periods = (elasticity: number, prices: readonly number[]) =>
    prices.map((price) => ({ price, days: 30, units: Math.round(300 * (price / 1_000) ** elasticity) }));

  it('is that of the line where there are prices and units enough', () => {
    const { value, from, prices, deviation } = estimateElasticity(periods(-2.5, [800, 1_000, 1_200, 1_400]));
    expect(from).toBe('own');
    expect(prices).toBe(4);
    expect(value).toBeGreaterThan(-2.6);
    expect(value).toBeLessThan(-2.2);
    expect(deviation).toBeLessThan(USUAL_ELASTICITY.deviation);
  });

  it('is drawn to what is usual, the more the less is known', () => {
    const [many, few] = [1, 20].map((part) => {
      const thin = periods(-4, [800, 1_000, 1_200]).map((one) => ({ ...one, units: Math.round(one.units / part) }));
      return estimateElasticity(thin).value;
    });
    expect(few ?? 0).toBeGreaterThan(many ?? 0);
    expect(few ?? 0).toBeLessThan(-1.6);
  });

  it('is what is usual, and says so, where prices are few, short, close together, or nothing was sold', () => {
    const usual = { value: -1.6, from: 'usual' };
    expect(estimateElasticity([])).toMatchObject(usual);
    expect(estimateElasticity(periods(-3, [900, 1_000]))).toMatchObject({ ...usual, prices: 2 });
    expect(estimateElasticity(periods(-3, [990, 1_000, 1_010]))).toMatchObject(usual);
    expect(estimateElasticity(periods(-3, [800, 1_000, 1_200]).map((one) => ({ ...one, days: 3 })))).toMatchObject(
      usual,
    );
    expect(estimateElasticity(periods(-3, [800, 1_000, 1_200]).map((one) => ({ ...one, units: 2 })))).toMatchObject(
      usual,
    );
  });

  it('of a category is what three or more of its articles have in common', () => {
    const own = [-2, -2.4, -2.2].map((value) => ({ value, deviation: 0.2, from: 'own' as const, prices: 4 }));
    const prior = categoryPrior(own);
    expect(prior).toMatchObject({ from: 'category', value: expect.closeTo(-2.2, 6) });
    expect(categoryPrior(own.slice(0, 2))).toEqual(USUAL_ELASTICITY);
    expect(estimateElasticity([], prior)).toMatchObject({ from: 'category', value: expect.closeTo(-2.2, 6) });
  });

  it('is bounded, whatever was sold', () => {
    const period = fc.record({
      price: fc.integer({ min: 1, max: 1e6 }),
      days: fc.integer({ min: 1, max: 99 }),
      units: fc.nat(1e5),
    });
    fc.assert(
      fc.property(fc.array(period, { maxLength: 8 }), (given) => {
        const { value, deviation } = estimateElasticity(given);
        expect(value).toBeGreaterThanOrEqual(-5);
        expect(value).toBeLessThanOrEqual(-0.2);
        expect(deviation).toBeGreaterThan(0);
        expect(deviation).toBeLessThanOrEqual(USUAL_ELASTICITY.deviation);
      }),
    );
  });
});

describe('the days of a price', () => {
  it('are those that it was asked on from morning to night', () => {
    const DAY_MS = 24 * 3_600_000;
    const history = [
      { atMs: -5 * DAY_MS, price: 100 },
      { atMs: 2.5 * DAY_MS, price: 120 },
      { atMs: 4.2 * DAY_MS, price: 90 },
      { atMs: 4.6 * DAY_MS, price: 120 },
      { atMs: 7 * DAY_MS, price: 100 },
    ];
    const demand = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((day) => ({ day, units: 10 + day }));
    const periods = pricePeriods(history, demand, { fromMs: 0, days: 9 });
    // The third day changed, as did the eighth; on the fifth the price came back by the evening.
    expect(periods).toEqual([
      { price: 100, days: 3, units: 10 + 11 + 18 },
      { price: 120, days: 4, units: 13 + 14 + 15 + 16 },
    ]);
    expect(pricePeriods([], demand, { fromMs: 0, days: 9 })).toEqual([]);
  });
});
