import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CategoryRates, ratesOf } from './cold-start.ts';
import { type Forecast, forecastDemand, forecastRegions } from './forecast.ts';
import { sumOf } from './numbers.ts';

const options = { days: 28, coverage: 0.9 };
const weekly = (days: number, week: readonly number[]) => Array.from({ length: days }, (_, at) => week[at % 7] ?? 0);
const rates: CategoryRates = { from: 'category', articles: 20, mean: 2, variance: 1, week: [1, 1, 1, 1, 1, 1, 1] };

/** Whatever comes out of it can be used: figures, in order, none below nothing. */
function expectSound({ mean, low, high, deviation }: Forecast): void {
  for (const [at, value] of mean.entries()) {
    expect(Number.isFinite(value)).toBe(true);
    expect(value).toBeGreaterThanOrEqual(0);
    expect(low[at]).toBeGreaterThanOrEqual(0);
    expect(low[at] ?? 0).toBeLessThanOrEqual(high[at] ?? -1);
    expect(Number.isFinite(deviation[at])).toBe(true);
    // What a longer time asks for is not known better.
    expect(deviation[at] ?? 0).toBeGreaterThanOrEqual((deviation[at - 1] ?? 0) - 1e-9);
  }
}

describe('a forecast', () => {
  it('goes on with the weekdays', () => {
    const week = [2, 4, 6, 8, 10, 20, 30];
    const { model, mean } = forecastDemand(weekly(70, week), options);
    expect(model).toBe('holt-winters');
    for (const [at, value] of mean.slice(0, 7).entries()) expect(value).toBeCloseTo(week[at] ?? 0, 0);
    // In whatever weekday the series ends.
    const later = forecastDemand(weekly(73, week), options);
    expect(later.mean[0]).toBeCloseTo(8, 0);
  });

  it('follows a trend for a while, and not for ever', () => {
    const rising = Array.from({ length: 90 }, (_, at) => 10 + at);
    const { mean } = forecastDemand(rising, { ...options, days: 56 });
    expect(mean[6]).toBeGreaterThan(95);
    expect(mean[55]).toBeLessThan(10 + 89 + 56);
    expect((mean[55] ?? 0) - (mean[54] ?? 0)).toBeLessThan((mean[1] ?? 0) - (mean[0] ?? 0));
  });

  it('does not expect a promotion again', () => {
    const days = weekly(84, [10, 10, 12, 12, 14, 16, 10]);
    const promoted = days.map((units, at) => (at >= 79 && at < 83 ? 6 * units : units));
    const usual = sumOf(forecastDemand(days, options).mean);
    expect(sumOf(forecastDemand(promoted, options).mean)).toBeLessThan(1.6 * usual);
  });

  it('of what is seldom asked for is a rate, and falls when it is not asked for any more', () => {
    const seldom = Array.from({ length: 120 }, (_, at) => (at % 6 === 0 ? 3 : 0));
    const { model, mean, high } = forecastDemand(seldom, options);
    expect(['croston', 'tsb']).toContain(model);
    expect(mean[0]).toBeGreaterThan(0.35);
    expect(mean[0]).toBeLessThan(0.65);
    expect(high[0]).toBeGreaterThanOrEqual(2);
    const over = forecastDemand([...seldom, ...new Array<number>(60).fill(0)], options);
    expect(over.model).toBe('tsb');
    expect(over.mean[0]).toBeLessThan(0.05);
  });

  it('of a shop that is closed on some days is a season, not a lack of demand', () => {
    const { model, mean } = forecastDemand(weekly(70, [5, 5, 5, 5, 5, 0, 0]), options);
    expect(model).toBe('holt-winters');
    expect(mean[0]).toBeCloseTo(5, 0);
    expect(mean[5]).toBeCloseTo(0, 0);
  });

  it('does not count the time before the first demand, if there is enough after it', () => {
    const { daysSeen, mean } = forecastDemand([...new Array<number>(200).fill(0), ...weekly(35, [4])], options);
    expect(daysSeen).toBe(35);
    expect(mean[0]).toBeGreaterThan(0.4);
  });

  it('of a newcomer is that of its category, and its own the more the longer it is there', () => {
    const at = (days: number, units: number) =>
      forecastDemand(new Array<number>(days).fill(units), { ...options, category: rates });
    expect(at(0, 0)).toMatchObject({ model: 'category', mean: expect.arrayContaining([2]) });
    const [three = 0, twenty = 0] = [at(3, 8), at(20, 8)].map(({ mean }) => mean[0]);
    expect(three).toBeGreaterThan(2);
    expect(twenty).toBeGreaterThan(three);
    expect(twenty).toBeLessThan(8);
    expect(at(40, 8).model).not.toBe('category');
    // Without a category that knows anything, by itself, or not at all.
    expect(forecastDemand([], options)).toMatchObject({ model: 'none', unitsSeen: 0 });
  });

  it('is sound, whatever was asked for', () => {
    const series = fc.array(fc.oneof(fc.constant(0), fc.nat(5), fc.nat(1_000_000)), { maxLength: 120 });
    const category = fc.constantFrom(undefined, rates);
    fc.assert(
      fc.property(series, category, fc.integer({ min: 1, max: 56 }), (units, given, days) => {
        const forecast = forecastDemand(units, { days, coverage: 0.9, category: given });
        expect(forecast.mean).toHaveLength(days);
        expectSound(forecast);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the forecasts of regions', () => {
  it('add up to that of all, whatever was asked for', () => {
    const series = fc.array(fc.oneof(fc.constant(0), fc.nat(9), fc.nat(1_000)), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(series, series, series, (eu, asia, east) => {
        const regions = new Map(Object.entries({ eu, asia, 'us-east': east }));
        const { all, byRegion } = forecastRegions(regions, options);
        for (const [day, expected] of all.mean.entries()) {
          const sum = [...byRegion.values()].reduce((units, { mean }) => units + (mean[day] ?? 0), 0);
          expect(Math.abs(sum - expected)).toBeLessThan(1e-6 * Math.max(1, expected));
        }
        for (const forecast of byRegion.values()) expectSound(forecast);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the rates of a category', () => {
  it('are the mean of its articles, and how far they are apart beyond chance', () => {
    const week = [1, 1, 1, 1, 1, 1, 1];
    const alike = ratesOf('category', { articles: 4, units: 400, squares: 4 * 100 ** 2, week }, 50);
    expect(alike.mean).toBe(2);
    expect(alike.variance).toBeCloseTo((0.25 * 2) ** 2);
    const apart = ratesOf('category', { articles: 4, units: 400, squares: 400 ** 2, week }, 50);
    expect(apart.variance).toBeGreaterThan(10);
    const sunday = ratesOf('category', { articles: 4, units: 70, squares: 2_000, week: [0, 0, 0, 0, 0, 0, 70] }, 50);
    expect(sunday.week[6]).toBeGreaterThan(4);
    expect(sunday.week[0]).toBeGreaterThan(0);
    expect(sumOf(sunday.week)).toBeCloseTo(7);
  });
});
