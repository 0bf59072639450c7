import { describe, expect, it } from 'vitest';
import { median, round, spread } from './statistics.ts';

describe('statistics', () => {
  it('the median is the one in the middle, or half-way between the two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('the spread is what lies between the runs, as a share of the median', () => {
    expect(spread([90, 100, 110])).toBeCloseTo(0.2);
    expect(spread([0, 0])).toBe(0);
  });

  it('rounds to digits', () => {
    expect(round(1.2345, 2)).toBe(1.23);
    expect(round(1_234.5)).toBe(1_235);
  });
});
