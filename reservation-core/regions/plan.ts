/**
 * Which unsold units of a sku go from which region to which. Pure, and damped by three levels that every demand is
 * measured by: a region is short when what it has lasts less than `lowSeconds`, is then filled to `fillSeconds`, and gives
 * only what it has above `keepSeconds`. Since low ≤ fill ≤ keep, a region that was filled does not give the units
 * back, and one that gave is not short: with a steady demand nothing moves twice.
 */
import { allocateByWeight } from './allocation.ts';

export interface RegionStock {
  readonly region: string;
  readonly available: number;
  /** Units asked for in a second, refused ones included as far as they are known. */
  readonly demandPerSecond: number;
}

export interface Move {
  readonly fromRegion: string;
  readonly toRegion: string;
  readonly units: number;
}

export interface PlanPolicy {
  readonly lowSeconds: number;
  readonly fillSeconds: number;
  readonly keepSeconds: number;
  /** A round takes at most this part of what a region can spare: its demand may rise before the next one. */
  readonly giveShare: number;
  /** Fewer units than this move only to a region that has none. */
  readonly leastUnits: number;
  /** Below it a region counts as one that nobody buys in: it gives its last unit, and gets none. */
  readonly leastDemandPerSecond: number;
}

export const PLAN_POLICY: PlanPolicy = {
  lowSeconds: 5,
  fillSeconds: 15,
  keepSeconds: 20,
  giveShare: 0.5,
  leastUnits: 5,
  leastDemandPerSecond: 1 / 60,
};

interface Part {
  readonly region: string;
  units: number;
  readonly soldOut: boolean;
}

export function planMoves(regions: readonly RegionStock[], policy: PlanPolicy = PLAN_POLICY): Move[] {
  const givers = regions.flatMap((stock) => spare(stock, policy)).sort((a, b) => b.units - a.units);
  const short = regions.flatMap((stock) => shortage(stock, policy));
  const moves: Move[] = [];
  // Who has nothing is served before who will soon have nothing.
  for (const receivers of [short.filter(({ soldOut }) => soldOut), short.filter(({ soldOut }) => !soldOut)]) {
    moves.push(...match(givers, shareOut(givers, receivers), policy));
  }
  return moves;
}

function demandOf(stock: RegionStock, policy: PlanPolicy): number {
  return stock.demandPerSecond < policy.leastDemandPerSecond ? 0 : stock.demandPerSecond;
}

function spare(stock: RegionStock, policy: PlanPolicy): Part[] {
  const above = stock.available - Math.ceil(demandOf(stock, policy) * policy.keepSeconds);
  const units = above > 0 ? Math.ceil(above * policy.giveShare) : 0;
  return units > 0 ? [{ region: stock.region, units, soldOut: false }] : [];
}

function shortage(stock: RegionStock, policy: PlanPolicy): Part[] {
  const demand = demandOf(stock, policy);
  if (demand === 0 || stock.available >= demand * policy.lowSeconds) return [];
  const units = Math.ceil(demand * policy.fillSeconds) - stock.available;
  return units > 0 ? [{ region: stock.region, units, soldOut: stock.available === 0 }] : [];
}

/** When there is not enough for all, each gets in proportion to what it lacks. */
function shareOut(givers: readonly Part[], receivers: readonly Part[]): Part[] {
  const pool = givers.reduce((sum, { units }) => sum + units, 0);
  const wanted = receivers.reduce((sum, { units }) => sum + units, 0);
  if (pool >= wanted) return [...receivers];
  const shares = allocateByWeight(pool, new Map(receivers.map(({ region, units }) => [region, units])));
  return receivers.map((part) => ({ ...part, units: Math.min(part.units, shares.get(part.region) ?? 0) }));
}

/** The largest wants from the largest givers: few transfers, at most one for each giver and receiver. */
function match(givers: readonly Part[], receivers: readonly Part[], policy: PlanPolicy): Move[] {
  const moves: Move[] = [];
  for (const receiver of [...receivers].sort((a, b) => b.units - a.units)) {
    let wanted = receiver.units;
    for (const giver of givers) {
      const units = Math.min(wanted, giver.units);
      if (units === 0 || (units < policy.leastUnits && !receiver.soldOut)) continue;
      moves.push({ fromRegion: giver.region, toRegion: receiver.region, units });
      giver.units -= units;
      wanted -= units;
    }
  }
  return moves;
}
