import { describe, expect, it } from 'vitest';
import { expectedReturns, oddsOf, type Sale, unitsPerPass, wantedPasses } from './pace.ts';

const sale = (changes: Partial<Sale> = {}): Sale => ({
  ...{ available: 100, held: 0, sold: 0, released: 0, called: 0, active: 0, perShopperLimit: 1 },
  ...changes,
});

describe('the pace', () => {
  it('begins with a guess, and learns from passes that have ended', () => {
    expect(unitsPerPass(sale())).toBe(1);
    expect(unitsPerPass(sale({ perShopperLimit: 3 }))).toBe(2);
    // A thousand called, a hundred bought: a tenth each.
    expect(unitsPerPass(sale({ called: 1_000, sold: 100 }))).toBeCloseTo(0.12, 2);
    // Those who still have their pass have not decided yet.
    expect(unitsPerPass(sale({ called: 1_000, active: 1_000, sold: 0 }))).toBe(1);
    expect(unitsPerPass(sale({ called: 100_000, sold: 0 }))).toBe(0.05);
  });

  it('calls as many as what is left can serve, and nobody when nothing is left', () => {
    expect(wantedPasses(sale())).toBe(100);
    expect(wantedPasses(sale({ available: 1 }))).toBe(1);
    expect(wantedPasses(sale({ called: 1_000, sold: 480 }))).toBeGreaterThan(190);
    expect(wantedPasses(sale({ available: 0, held: 50, released: 10, sold: 10 }))).toBe(0);
  });

  it('expects back what came back before', () => {
    expect(expectedReturns(sale({ held: 50 }))).toBe(0);
    expect(expectedReturns(sale({ held: 50, sold: 30, released: 10 }))).toBe(12.5);
  });
});

describe('the odds', () => {
  it('are sure while stock lasts for all ahead, and none when it is gone for good', () => {
    expect(oddsOf(sale(), 99)).toBe(1);
    expect(oddsOf(sale(), 199)).toBe(0.5);
    expect(oddsOf(sale({ available: 0 }), 0)).toBe(0);
  });

  it('count those who have their pass as being ahead, and what may still come back', () => {
    expect(oddsOf(sale({ called: 100, active: 100 }), 99)).toBe(0.5);
    const gone = sale({ available: 0, held: 10, sold: 10, released: 10, called: 20 });
    expect(oddsOf(gone, 0)).toBeGreaterThan(0);
  });
});
