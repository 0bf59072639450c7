import { describe, expect, it } from 'vitest';
import { USUAL_SEGMENT_RULES } from '../../contracts/segments.ts';
import { segmentsOf } from './segments.ts';

const DAY = 24 * 3_600_000;
const now = 1_000 * DAY;
const shopper = (first: number, last: number, orders: number, spentMinor = 1, discounted = 0) =>
  segmentsOf(
    { firstAtMs: now - first * DAY, lastAtMs: now - last * DAY, orders, spentMinor, discounted },
    USUAL_SEGMENT_RULES,
    now,
  );

describe('the groups of shoppers', () => {
  it.each([
    ['a first order yesterday', shopper(1, 1, 1), ['new']],
    ['at the edge of new', shopper(30, 30, 1), ['new']],
    ['just beyond it', shopper(31, 31, 1), []],
    ['often and lately', shopper(200, 3, 4), ['loyal']],
    ['often, but long ago', shopper(400, 91, 40), ['lapsing']],
    ['gone', shopper(700, 366, 40), ['lapsed']],
    ['much at once', shopper(100, 60, 1, 100_000), ['high-value']],
    ['mostly with a discount', shopper(100, 60, 3, 1, 2), ['bargain']],
    ['one with a discount', shopper(100, 60, 1, 1, 1), []],
    ['all of it', shopper(20, 2, 5, 500_000, 5), ['new', 'loyal', 'high-value', 'bargain']],
  ])('are right for %s', (_, segments, expected) => {
    expect(segments).toEqual(expected);
  });
});
