import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Move, PLAN_POLICY, planMoves, type RegionStock } from './plan.ts';

const demands = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 100_000, noNaN: true }),
);
const units = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 100_000_000 }));
/** Around the levels of the policy, where regions change sides. */
const lasting = fc
  .record({ demandPerSecond: demands, seconds: fc.double({ min: 0, max: 30, noNaN: true }) })
  .map(({ demandPerSecond, seconds }) => ({ demandPerSecond, available: Math.round(demandPerSecond * seconds) }));

const stocks = fc
  .array(fc.oneof(fc.record({ available: units, demandPerSecond: demands }), lasting), { minLength: 1, maxLength: 12 })
  .map((regions) => regions.map((stock, at): RegionStock => ({ region: `r${at}`, ...stock })));

const total = (regions: readonly RegionStock[]): number => regions.reduce((sum, { available }) => sum + available, 0);

function apply(regions: readonly RegionStock[], moves: readonly Move[]): RegionStock[] {
  return regions.map((stock) => {
    const got = moves.filter(({ toRegion }) => toRegion === stock.region);
    const gave = moves.filter(({ fromRegion }) => fromRegion === stock.region);
    const change = [...got, ...gave.map(({ units }) => ({ units: -units }))].reduce((sum, { units }) => sum + units, 0);
    return { ...stock, available: stock.available + change };
  });
}

/** What a region is likely to need until the plan could help it again. */
const needOf = ({ demandPerSecond }: RegionStock): number =>
  demandPerSecond < PLAN_POLICY.leastDemandPerSecond ? 0 : Math.ceil(demandPerSecond * PLAN_POLICY.keepSeconds);

describe('a plan', () => {
  it('conserves units, and leaves each giver what it is likely to need', () => {
    fc.assert(
      fc.property(stocks, (regions) => {
        const after = apply(regions, planMoves(regions));
        expect(total(after)).toBe(total(regions));
        for (const [at, before] of regions.entries()) {
          const now = after[at]?.available ?? 0;
          expect(now).toBeGreaterThanOrEqual(Math.min(before.available, needOf(before)));
          // Whoever got units got none that the next plan could take away again.
          if (now > before.available) expect(now).toBeLessThanOrEqual(needOf(before));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('moves whole units that are worth it, from regions that get none to others', () => {
    fc.assert(
      fc.property(stocks, (regions) => {
        const moves = planMoves(regions);
        const givers = new Set(moves.map(({ fromRegion }) => fromRegion));
        for (const { toRegion, units } of moves) {
          expect(givers).not.toContain(toRegion);
          const had = regions.find(({ region }) => region === toRegion)?.available;
          expect(units).toBeGreaterThanOrEqual(had === 0 ? 1 : PLAN_POLICY.leastUnits);
          expect(Number.isSafeInteger(units)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('comes to rest under a steady demand, and no unit ever goes back', () => {
    fc.assert(
      fc.property(stocks, (start) => {
        let regions = start;
        const gave = new Set<string>();
        const got = new Set<string>();
        let rounds = 0;
        for (let moves = planMoves(regions); moves.length > 0; moves = planMoves(regions)) {
          for (const { fromRegion, toRegion } of moves) {
            gave.add(fromRegion);
            got.add(toRegion);
          }
          regions = apply(regions, moves);
          rounds += 1;
          expect(rounds).toBeLessThan(64);
        }
        expect([...gave].filter((region) => got.has(region))).toEqual([]);
        expect(total(regions)).toBe(total(start));
      }),
      { numRuns: 2_000 },
    );
  });

  it('sells everything: nobody stays sold out next to stock that nobody buys', () => {
    fc.assert(
      fc.property(stocks, (start) => {
        let regions = start;
        for (let moves = planMoves(regions); moves.length > 0; moves = planMoves(regions))
          regions = apply(regions, moves);
        const starving = regions.filter((stock) => stock.available === 0 && needOf(stock) > 0);
        const idle = regions.filter((stock) => stock.available > needOf(stock));
        expect(starving.length > 0 && idle.length > 0).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('rests when all have enough, and when nobody asks for anything', () => {
    expect(planMoves([stock('a', 1_000, 10), stock('b', 500, 10)])).toEqual([]);
    expect(planMoves([stock('a', 1_000, 0), stock('b', 0, 0)])).toEqual([]);
    expect(planMoves([stock('a', 0, 10), stock('b', 0, 10)])).toEqual([]);
    expect(planMoves([])).toEqual([]);
  });

  it('serves who has nothing before who will soon have nothing, in proportion to what they ask for', () => {
    const moves = planMoves([stock('slow', 90, 0), stock('low', 10, 100), stock('out', 0, 2), stock('out-too', 0, 4)]);
    expect(moves).toEqual([
      { fromRegion: 'slow', toRegion: 'out-too', units: 30 },
      { fromRegion: 'slow', toRegion: 'out', units: 15 },
    ]);
  });

  it('gives the last unit of a region that nobody buys in', () => {
    expect(planMoves([stock('slow', 1, 0.001), stock('out', 0, 3)])).toEqual([
      { fromRegion: 'slow', toRegion: 'out', units: 1 },
    ]);
  });
});

function stock(region: string, available: number, demandPerSecond: number): RegionStock {
  return { region, available, demandPerSecond };
}
