import { describe, expect, it } from 'vitest';
import { linearDomain, linearScale, logDomain, logScale } from './scale.ts';

describe('scales', () => {
  it('put values in their places, with round figures beside them', () => {
    const scale = linearScale([0, 100], [0, 200]);
    expect(scale(25)).toBe(50);
    expect(scale.ticks).toEqual([0, 20, 40, 60, 80, 100]);
    expect(linearScale([0, 0.3], [0, 1], 3).ticks).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it('give each decade the same room by the logarithm', () => {
    const scale = logScale([1, 1_000], [0, 300]);
    expect([1, 10, 100, 1_000].map((value) => Math.round(scale(value)))).toEqual([0, 100, 200, 300]);
    expect(scale.ticks).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]);
  });

  it('have a domain also for nothing, and for what is all the same', () => {
    expect(linearDomain([0, 0])).toEqual([0, 1]);
    expect(linearDomain([-2, 5])[0]).toBe(-2);
    expect(logDomain([0])).toEqual([1, 10]);
    const [low, high] = logDomain([5, 5]);
    expect(low).toBeLessThan(5);
    expect(high).toBeGreaterThan(5);
  });
});
