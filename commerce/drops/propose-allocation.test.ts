import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Past, type ProposalFacts, proposeAllocation } from './propose-allocation.ts';

const REGIONS = ['us-east', 'us-west', 'eu', 'asia'];

function pastOf(units: Readonly<Record<string, number>>, unmet: Readonly<Record<string, number>> = {}): Past {
  return new Map(
    [...new Set([...Object.keys(units), ...Object.keys(unmet)])].map((region) => [
      region,
      { everyday: units[region] ?? 0, dropUnits: 0, unmetUnits: unmet[region] ?? 0 },
    ]),
  );
}

const facts = (given: Partial<ProposalFacts> = {}): ProposalFacts => ({
  ...{ regions: REGIONS, article: new Map(), drops: new Map(), category: new Map(), shop: new Map() },
  ...given,
});

const unitsOf = (units: number, given: Partial<ProposalFacts> = {}) =>
  proposeAllocation(units, facts(given)).regions.map((region) => region.units);

describe('a proposed allocation', () => {
  it('is even where nothing is known', () => {
    expect(unitsOf(100)).toEqual([25, 25, 25, 25]);
    expect(proposeAllocation(100, facts()).basis).toBe('even');
  });

  it('goes by the article where it was sold, by its category where it is new', () => {
    const known = proposeAllocation(1_000, facts({ article: pastOf({ eu: 900, asia: 100 }) }));
    expect(known.basis).toBe('article');
    expect(known.regions.find(({ region }) => region === 'eu')?.units).toBeGreaterThan(800);
    const category = pastOf({ asia: 3_000, 'us-east': 1_000 });
    const newcomer = proposeAllocation(1_000, facts({ category, article: pastOf({ eu: 3 }) }));
    expect(newcomer.basis).toBe('category');
    const [east = 0, west = 0, , asia = 0] = newcomer.regions.map(({ units }) => units);
    expect(asia).toBeGreaterThan(2 * east);
    expect(east).toBeGreaterThan(5 * west);
  });

  it('gives more to where shoppers were refused', () => {
    const article = pastOf({ eu: 100, asia: 100 }, { asia: 100 });
    const [, , eu = 0, asia = 0] = unitsOf(1_000, { article });
    expect(asia).toBeGreaterThan(2 * eu);
  });

  it('leaves no region out while there is a unit for each, and gives few units to those that ask most', () => {
    const article = pastOf({ eu: 1e9 });
    expect(Math.min(...unitsOf(1_000, { article }))).toBeGreaterThanOrEqual(20);
    expect(unitsOf(4, { article })).toEqual([1, 1, 1, 1]);
    expect(unitsOf(1, { article })).toEqual([0, 0, 1, 0]);
    expect(unitsOf(0, { article })).toEqual([0, 0, 0, 0]);
  });

  it('adds up exactly, whatever was seen, and never takes away from a region for being asked for more', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000 });
    const past = fc.array(amount, { minLength: 4, maxLength: 4 }).map((amounts) => {
      return pastOf(Object.fromEntries(REGIONS.map((region, at) => [region, amounts[at] ?? 0])));
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        past,
        past,
        past,
        past,
        (units, article, drops, category, shop) => {
          const given = facts({ article, drops, category, shop });
          const { regions, weights } = proposeAllocation(units, given);
          expect(regions.reduce((sum, region) => sum + region.units, 0)).toBe(units);
          expect(regions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
          expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
          if (units >= REGIONS.length) expect(Math.min(...regions.map((region) => region.units))).toBeGreaterThan(0);
          const more = new Map(article).set('eu', { everyday: 2_000_000, dropUnits: 0, unmetUnits: 0 });
          const share = (all: typeof regions) => all.find(({ region }) => region === 'eu')?.share ?? 0;
          const eu =
            (category.get('eu')?.everyday ?? 0) + (drops.get('eu')?.everyday ?? 0) + (shop.get('eu')?.everyday ?? 0);
          if (eu === 0) {
            const grown = proposeAllocation(units, { ...given, article: more });
            expect(share(grown.regions)).toBeGreaterThanOrEqual(share(regions) - 1e-9);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
