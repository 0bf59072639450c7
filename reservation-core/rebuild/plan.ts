/**
 * What a region that has lost its data gets back, worked out from what others know: the drop's allocation, the claims in
 * PostgreSQL, the journals of the regions that still have theirs. Nothing here reads or writes anything.
 */
import { isSum, sumName } from '../regions/journal.ts';
import type { KnownClaim, Movement, Units } from './known.ts';
import { payShortage } from './pay-shortage.ts';

export interface PlanInput {
  /** What the merchant gave. */
  readonly given: Units;
  readonly lost: readonly string[];
  /** Of the lost regions. */
  readonly claims: readonly KnownClaim[];
  /** The journals of the regions that are not lost. */
  readonly journals: readonly Movement[];
  readonly nowMs: number;
}

export interface RegionPlan {
  readonly region: string;
  readonly allocated: ReadonlyMap<string, number>;
  readonly transfers: readonly Movement[];
  readonly claims: readonly KnownClaim[];
}

export type RebuildPlan =
  | { readonly ok: true; readonly regions: readonly RegionPlan[] }
  | { readonly ok: false; readonly problems: readonly string[] };

export function planRebuild(input: PlanInput): RebuildPlan {
  const { given, lost, journals, nowMs } = input;
  const lostOnes = new Set(lost);
  const remembered = journals.flatMap((movement) => mirrored(movement, lostOnes) ?? []);
  const skus = new Set([...[...given.values()].flatMap((units) => [...units.keys()]), ...input.claims.map(skuOf)]);
  const problems: string[] = [];
  const made: Movement[] = [];
  const ended = new Set<string>();
  for (const sku of skus) {
    const claims = input.claims.filter((claim) => claim.sku === sku && counts(claim));
    const capacity = new Map(lost.map((region) => [region, capacityOf(region, sku, given, remembered)]));
    const paid = payShortage({ sku, capacity, claims, nowMs });
    for (const claimId of paid.ended) ended.add(claimId);
    made.push(...paid.transfers);
    if (paid.short > 0) problems.push(`the claims of ${sku} are ${paid.short} units more than there are for them`);
  }
  if (problems.length > 0) return { ok: false, problems };

  const claims = input.claims.map((claim): KnownClaim => {
    return ended.has(claim.claimId) ? { ...claim, state: 'expired' } : claim;
  });
  const byRegion = Map.groupBy(claims, ({ region }) => region);
  const regions = lost.map((region) => ({
    region,
    allocated: new Map([...skus].map((sku) => [sku, given.get(region)?.get(sku) ?? 0])),
    transfers: incomingFirst([...remembered, ...made].filter(({ of }) => of === region)),
    claims: byRegion.get(region) ?? [],
  }));
  return { ok: true, regions };
}

/** Whether a claim takes units from the stock. */
export function counts({ state }: KnownClaim): boolean {
  return state === 'held' || state === 'sold';
}

/**
 * What left another region for a lost one counts as arrived, whether it did or not: whoever finishes the transfer finds it
 * done. What a lost region sent and nobody received comes back to it by never having been sent.
 */
function mirrored(movement: Movement, lost: ReadonlySet<string>): Movement | undefined {
  const { of, other, direction } = movement;
  if (!lost.has(other) || lost.has(of)) return undefined;
  const seenFromThere = { ...movement, of: other, other: of, direction: direction === 'in' ? 'out' : 'in' } as const;
  return isSum(movement) ? { ...seenFromThere, transferId: sumName(seenFromThere) } : seenFromThere;
}

function capacityOf(region: string, sku: string, given: Units, movements: readonly Movement[]): number {
  const own = movements.filter((movement) => movement.of === region && movement.sku === sku);
  const moved = own.reduce((sum, { direction, units }) => sum + (direction === 'in' ? units : -units), 0);
  return (given.get(region)?.get(sku) ?? 0) + moved;
}

/** So that at no step more has left than is there. */
function incomingFirst(movements: readonly Movement[]): Movement[] {
  return movements.toSorted((a, b) => Number(a.direction === 'out') - Number(b.direction === 'out'));
}

function skuOf({ sku }: KnownClaim): string {
  return sku;
}
