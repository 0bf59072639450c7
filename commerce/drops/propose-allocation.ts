/**
 * How a drop's units are divided among regions by what was asked for in the past: of the article itself (what its everyday
 * demand is expected to be, and what earlier drops sold and had to refuse), then of the merchant's drops, its category, the
 * whole shop, and last evenly. Each of these counts the more the more it has seen; what it leaves open goes to the next. So a
 * newcomer gets the shares of its category, and nothing has to be known at all.
 */
import { allocate } from '../money/allocate.ts';

export type Level = 'article' | 'drops' | 'category' | 'shop' | 'even';

export interface RegionPast {
  /** Of the store: of an article what is expected over four weeks, of others what was sold in the last weeks. */
  readonly everyday: number;
  readonly dropUnits: number;
  /** Asked for in drops where nothing was left. */
  readonly unmetUnits: number;
}

export type Past = ReadonlyMap<string, RegionPast>;

export interface ProposalFacts {
  readonly regions: readonly string[];
  readonly article: Past;
  readonly drops: Past;
  readonly category: Past;
  readonly shop: Past;
}

export interface ProposedRegion extends RegionPast {
  readonly region: string;
  readonly units: number;
  /** Of the demand, before it is made whole units and nobody is left without. */
  readonly share: number;
}

export interface Proposal {
  readonly regions: readonly ProposedRegion[];
  /** What speaks most. */
  readonly basis: Level;
  /** The part that each level has in the shares; they add up to 1. */
  readonly weights: Readonly<Record<Level, number>>;
}

/** A unit of an earlier drop says more about the next one than a unit of everyday does. */
const OF_DROPS = 3;
/** With so many units seen, a level counts as much as all that comes after it. */
const HALF_AT: Readonly<Record<Exclude<Level, 'even'>, number>> = { article: 60, drops: 200, category: 200, shop: 500 };
const LEVELS = ['article', 'drops', 'category', 'shop'] as const;
/** No region gets less than this part of an even share: it would never show what is asked for there. */
const LEAST_PART = 0.1;
/** Weights are given as whole numbers. */
const WEIGHT_UNIT = 1_000_000;

export function proposeAllocation(units: number, facts: ProposalFacts): Proposal {
  const { regions } = facts;
  const weights = weightsOf(facts);
  const shares = regions.map((region) => {
    return (
      weights.even / regions.length +
      LEVELS.reduce((sum, level) => sum + weights[level] * shareOf(facts, level, region), 0)
    );
  });
  const divided = divide(units, shares);
  const basis = ([...LEVELS, 'even'] as const).toSorted((a, b) => weights[b] - weights[a])[0] ?? 'even';
  return {
    ...{ basis, weights },
    regions: regions.map((region, at) => {
      const past = facts.article.get(region) ?? NOTHING;
      return { region, units: divided[at] ?? 0, share: shares[at] ?? 0, ...past };
    }),
  };
}

const NOTHING: RegionPast = { everyday: 0, dropUnits: 0, unmetUnits: 0 };

function seen({ everyday, dropUnits, unmetUnits }: RegionPast): number {
  return everyday + OF_DROPS * (dropUnits + unmetUnits);
}

/** Of regions that there are: one that was closed says nothing about the others. */
function totalOf({ regions, ...facts }: ProposalFacts, level: Exclude<Level, 'even'>): number {
  return regions.reduce((sum, region) => sum + seen(facts[level].get(region) ?? NOTHING), 0);
}

function shareOf(facts: ProposalFacts, level: Exclude<Level, 'even'>, region: string): number {
  const total = totalOf(facts, level);
  return total === 0 ? 0 : seen(facts[level].get(region) ?? NOTHING) / total;
}

function weightsOf(facts: ProposalFacts): Record<Level, number> {
  const weights = { article: 0, drops: 0, category: 0, shop: 0, even: 0 };
  let left = 1;
  for (const level of LEVELS) {
    const total = totalOf(facts, level);
    weights[level] = (left * total) / (total + HALF_AT[level]);
    left -= weights[level];
  }
  weights.even = left;
  return weights;
}

/** Adds up exactly. While there are as many units as regions, each gets one at least; otherwise those that ask most do. */
function divide(units: number, shares: readonly number[]): number[] {
  const least = LEAST_PART / shares.length;
  const wanted = shares.map((share) => Math.round(WEIGHT_UNIT * Math.max(least, share)));
  if (units >= shares.length) return allocate(units - shares.length, wanted).map((part) => part + 1);
  const first = shares.map((_, at) => at).toSorted((a, b) => (wanted[b] ?? 0) - (wanted[a] ?? 0));
  const chosen = new Set(first.slice(0, units));
  return shares.map((_, at) => (chosen.has(at) ? 1 : 0));
}
