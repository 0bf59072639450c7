import { expect, it } from 'vitest';
import { paceOf } from './pace.ts';

const sample = (second: number, counts: Partial<Parameters<typeof paceOf>[0][number]> = {}) => ({
  ...{ atMs: second * 1_000, admitted: 0, claims: 0, paid: 0, taken: 0, available: 100 },
  ...counts,
});

it('knows nothing of a sale that was looked at once, or where nothing happens', () => {
  const still = { admittedPerSecond: 0, claimsPerSecond: 0, paidPerSecond: 0, secondsToSellOut: null };
  expect(paceOf([])).toEqual(still);
  expect(paceOf([sample(0, { admitted: 500, taken: 400 })])).toEqual(still);
  expect(paceOf([sample(0), sample(1)])).toEqual(still);
});

it('tells the rates of the last seconds, and when all is sold at this pace', () => {
  const samples = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((second) =>
    sample(second, {
      admitted: second < 3 ? 0 : (second - 3) * 10,
      claims: second * 4,
      taken: second * 5,
      available: 100 - second * 5,
    }),
  );
  expect(paceOf(samples)).toEqual({
    ...{ admittedPerSecond: 10, claimsPerSecond: 4, paidPerSecond: 0, secondsToSellOut: 12 },
  });
  expect(paceOf([sample(0), sample(1, { taken: 100, available: 0 })]).secondsToSellOut).toBe(0);
});

it('takes a region that cannot be read for no sale backwards', () => {
  expect(paceOf([sample(0, { claims: 50, taken: 60 }), sample(1)])).toMatchObject({ claimsPerSecond: 0 });
});
