import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('backoffMs', () => {
  const backoff = { minMs: 100, maxMs: 1_000 };
  const longest = (attempt: number) => backoffMs(attempt, backoff, () => 1);

  it('doubles up to its cap, however many tries there were', () => {
    expect([1, 2, 3, 4, 5, 1_000_000].map(longest)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('lies anywhere in the upper half', () => {
    expect(backoffMs(3, backoff, () => 0)).toBe(200);
    expect(backoffMs(3, backoff, () => 0.5)).toBe(300);
  });
});
