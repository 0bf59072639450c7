import { expect, it } from 'vitest';
import { rateLine, stepFor } from './rate-line.ts';

it('counts by step, as so many a second, and leaves out what is no whole step', () => {
  const happened = [
    { atMs: 1_000, count: 2 },
    { atMs: 1_499, count: 1 },
    { atMs: 1_600, count: 5 },
    { atMs: 2_100, count: 7 },
    { atMs: 900, count: 9 },
  ];
  expect(rateLine('orders', happened, { fromMs: 1_000, toMs: 2_200, stepMs: 500 })).toEqual({
    name: 'orders',
    points: [
      [0.5, 6],
      [1, 10],
    ],
  });
  expect(rateLine('none', [], { fromMs: 0, toMs: 100, stepMs: 500 }).points).toEqual([]);
});

it('has a step that leaves some points, and not too many', () => {
  expect(stepFor(2_000)).toBe(100);
  expect(stepFor(10_000)).toBe(250);
  expect(stepFor(600_000)).toBe(1_000);
});
