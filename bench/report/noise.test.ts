import { describe, expect, it } from 'vitest';
import { isBeyond, noiseOf } from './noise.ts';

describe('the noise of two reports', () => {
  it('is small where the rounds agree, and large where one was disturbed', () => {
    const calm = noiseOf([99, 100, 101], [99, 100, 101]);
    expect(calm).toBeCloseTo(0.03, 2);
    expect(noiseOf([99, 100, 101], [60, 100, 101])).toBeGreaterThan(10 * calm);
  });

  it('shrinks with the rounds', () => {
    const rounds = [98, 99, 100, 101, 102];
    expect(noiseOf([...rounds, ...rounds], [...rounds, ...rounds])).toBeLessThan(noiseOf(rounds, rounds));
  });

  it('is without end where there is one round, or nothing to divide by', () => {
    expect(noiseOf([100], [99, 100])).toBe(Number.POSITIVE_INFINITY);
    expect(noiseOf([0, 0, 0], [1, 1, 1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('never makes less than five percent count', () => {
    expect(isBeyond(0.049, 0)).toBe(false);
    expect(isBeyond(-0.051, 0)).toBe(true);
    expect(isBeyond(-0.2, 0.21)).toBe(false);
  });
});
