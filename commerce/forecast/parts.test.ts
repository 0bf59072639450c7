import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest, originsOf } from './backtest.ts';
import { accuracyOf } from './measures.ts';
import { countQuantile, normalQuantile } from './quantiles.ts';
import { createRegionOf, readPlaces } from './region-of.ts';
import { demandOver, reorderOf } from './reorder.ts';
import { minimise } from './search.ts';

describe('quantiles', () => {
  it('of the normal distribution are those of the tables', () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 9);
    expect(normalQuantile(0.95)).toBeCloseTo(1.644854, 6);
    expect(normalQuantile(0.999)).toBeCloseTo(3.090232, 6);
    expect(normalQuantile(0.01)).toBeCloseTo(-2.326348, 6);
    expect(() => normalQuantile(1)).toThrow(RangeError);
  });

  it('of counts are those of Poisson where they vary by chance, and wider where they vary more', () => {
    expect(countQuantile(4, 4, 0.95)).toBe(8);
    expect(countQuantile(4, 4, 0.05)).toBe(1);
    expect(countQuantile(4, 12, 0.95)).toBe(11);
    expect(countQuantile(0, 0, 0.95)).toBe(0);
    expect(countQuantile(1_000, 1_000, 0.95)).toBe(1_052);
  });
});

describe('the search', () => {
  it('finds the bottom of a valley, stays within its bounds, and ends', () => {
    let asked = 0;
    const valley = ([x = 0, y = 0]: readonly number[]) => {
      asked += 1;
      return (x - 0.3) ** 2 + (y - x) ** 2;
    };
    const bound = { from: 0, to: 1, start: 0.9 };
    const { at } = minimise(valley, [bound, bound], 200);
    expect(at[0]).toBeCloseTo(0.3, 1);
    expect(at[1]).toBeCloseTo(0.3, 1);
    expect(asked).toBeLessThanOrEqual(200);
    expect(minimise(([x = 0]) => -x, [bound], 200).at[0]).toBe(1);
  });
});

describe('measures', () => {
  const known = [1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3];

  it('are those of the textbook', () => {
    const accuracy = accuracyOf([{ known, actual: [2, 4], expected: [3, 3], low: [2, 5], high: [4, 6] }], 7);
    // An error of 1 a day, where last week would have been wrong by 2.
    expect(accuracy).toEqual({
      ...{ mase: 0.5, wape: expect.closeTo(33.33, 2), wapeOfSums: 0, covered: 50 },
      smape: expect.closeTo((100 * (2 / 5 + 2 / 7)) / 2, 6),
    });
  });

  it('of a back-test know only what was before', () => {
    expect(originsOf(100, { origins: 3, days: 14 })).toEqual([58, 72, 86]);
    expect(originsOf(30, { origins: 3, days: 14 })).toEqual([16]);
    const rising = Array.from({ length: 120 }, (_, at) => at);
    const { ours, lastWeek, forecasts } = backtest([rising], { days: 14, coverage: 0.9, origins: 4 });
    expect(forecasts).toBe(4);
    expect(ours.wape).toBeLessThan(lastWeek.wape);
  });
});

describe('an order', () => {
  const flat = (units: number, deviation: number) => ({
    mean: new Array<number>(56).fill(units),
    deviation: Array.from({ length: 56 }, (_, at) => deviation * Math.sqrt(at + 1)),
  });
  const rule = { leadDays: 9, reviewDays: 7, serviceLevel: 0.95, packUnits: 1 };

  it('is due when what is there does not outlast the lead time with its safety stock', () => {
    // 9 days of 10, and 1.645 · 4 · 3 of safety.
    const due = reorderOf(flat(10, 4), rule, 110);
    expect(due).toMatchObject({ reorderPoint: 110, safetyStock: 20, leadTimeDemand: 90, isDue: true, lastsDays: 11 });
    expect(due.quantity).toBe(due.upTo - 110);
    expect(due.upTo).toBe(Math.ceil(160 + 1.6448536 * 16));
    expect(reorderOf(flat(10, 4), rule, 111)).toMatchObject({ isDue: false, quantity: 0 });
    expect(reorderOf(flat(10, 4), { ...rule, packUnits: 25 }, 0).quantity).toBe(200);
    expect(reorderOf(flat(0, 0), rule, 0)).toMatchObject({
      isDue: false,
      quantity: 0,
      reorderPoint: 0,
      lastsDays: null,
    });
  });

  it('is larger for more safety, a longer way, and a smaller stock', () => {
    const level = fc.double({ min: 0.5, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(
        level,
        fc.integer({ min: 1, max: 80 }),
        fc.nat(500),
        fc.nat(20),
        (serviceLevel, leadDays, available, units) => {
          const of = (changes: object, stock = available) =>
            reorderOf(flat(units, 3), { ...rule, serviceLevel, leadDays, ...changes }, stock);
          const here = of({});
          expect(of({ serviceLevel: 0.995 }).reorderPoint).toBeGreaterThanOrEqual(here.reorderPoint);
          expect(of({ leadDays: leadDays + 5 }).reorderPoint).toBeGreaterThanOrEqual(here.reorderPoint);
          if (here.isDue && available > 0) {
            const less = of({}, available - 1);
            expect(less.isDue).toBe(true);
            expect(less.quantity).toBeGreaterThanOrEqual(here.quantity);
            expect(available + here.quantity).toBeGreaterThanOrEqual(here.reorderPoint);
          }
        },
      ),
    );
  });

  it('beyond what is forecast goes by its last week', () => {
    expect(demandOver(flat(10, 1), 112)).toEqual({ mean: 1_120, deviation: expect.closeTo(Math.sqrt(112), 9) });
    expect(demandOver({ mean: [], deviation: [] }, 10)).toEqual({ mean: 0, deviation: 0 });
  });
});

describe('the region of an address', () => {
  const regionOf = createRegionOf(['us-east', 'us-west', 'eu', 'asia']);
  it.each([
    ...([
      ['DE', '', 'eu'],
      ['GB', '', 'eu'],
      ['JP', '', 'asia'],
      ['IN', '', 'asia'],
      ['AU', '', 'asia'],
    ] as const),
    ...([
      ['US', '9', 'us-west'],
      ['US', '1', 'us-east'],
      ['US', '8', 'us-west'],
      ['US', '', 'us-east'],
    ] as const),
    ...([
      ['MX', '', 'us-west'],
      ['BR', '', 'us-east'],
      ['ZZ', '', 'us-east'],
      ['', '', 'us-east'],
    ] as const),
  ])('%s %s is %s', (country, zone, region) => {
    expect(regionOf({ country, zone })).toBe(region);
  });

  it('of names of one’s own is where they are said to be', () => {
    const own = createRegionOf(['north', 'south'], readPlaces(['north=59.3/18', 'south=-33.9/151.2']));
    expect(own({ country: 'DE', zone: '' })).toBe('north');
    expect(own({ country: 'NZ', zone: '' })).toBe('south');
    expect(createRegionOf(['somewhere', 'elsewhere'])({ country: 'DE', zone: '' })).toBe('somewhere');
  });
});
