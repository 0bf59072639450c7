import { expect, it } from 'vitest';
import { eachRatio, inRounds } from './in-rounds.ts';

it('gives the median of a figure to its part of the report, and its rounds as samples', () => {
  const rounded = inRounds({
    'metrics.ordersPerSecond': { values: [10_000.6, 12_000, 11_000] },
    'metrics.lagP99Ms': { values: [1.234], digits: 1 },
    'limits.bareOrdersPerSecond': { values: [] },
    'ratios.orders': { values: [0.61234, 0.7], digits: 3 },
  });
  expect(rounded).toEqual({
    metrics: { ordersPerSecond: 11_000, lagP99Ms: 1.2 },
    limits: { bareOrdersPerSecond: null },
    ratios: { orders: 0.656 },
    samples: { 'metrics.ordersPerSecond': [10_000.6, 12_000, 11_000], 'ratios.orders': [0.6123, 0.7] },
  });
});

it('holds each run against the one of the same round', () => {
  expect(eachRatio([2, 9], [4, 3], (value) => value)).toEqual([0.5, 3]);
  expect(eachRatio([2], [], (value) => value)).toEqual([]);
});
