import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownClaim, Movement } from './known.ts';
import { counts, type PlanInput, planRebuild, type RegionPlan } from './plan.ts';

const NOW = 1_800_000_000_000;
const SKU = 'S';
const REGIONS = ['a', 'b', 'c', 'd'];

interface Step {
  readonly kind: 'claim' | 'transfer' | 'open transfer' | 'end' | 'sell';
  readonly region: number;
  readonly other: number;
  readonly units: number;
}

const history = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('claim', 'claim', 'transfer', 'open transfer', 'end', 'sell'),
    region: fc.nat(REGIONS.length - 1),
    other: fc.nat(REGIONS.length - 1),
    units: fc.integer({ min: 1, max: 6 }),
  }),
  { maxLength: 60 },
);

/** What really happened, played by the rules; PostgreSQL hears of an ended hold only sometimes. */
function play(allocation: readonly number[], steps: readonly Step[]) {
  const free = [...allocation];
  const claims: KnownClaim[] = [];
  const journals: Movement[] = [];
  const move = (step: Step, at: number): void => {
    const { region, other, units, kind } = step;
    const [of = '', to = ''] = [REGIONS[region], REGIONS[other]];
    if (region === other || (free[region] ?? 0) < units) return;
    const transferId = `t${at}`;
    free[region] = (free[region] ?? 0) - units;
    journals.push({ transferId, of, direction: 'out', sku: SKU, units, other: to });
    if (kind === 'open transfer') return;
    free[other] = (free[other] ?? 0) + units;
    journals.push({ transferId, of: to, direction: 'in', sku: SKU, units, other: of });
  };
  const end = ({ region, units }: Step): void => {
    const at = claims.findIndex((claim) => claim.region === REGIONS[region] && claim.state === 'held');
    const claim = claims[at];
    if (claim === undefined) return;
    free[region] = (free[region] ?? 0) + claim.quantity;
    claims[at] = { ...claim, holdUntilMs: NOW - units, state: units % 2 === 0 ? 'cancelled' : 'expired' };
  };
  for (const [at, step] of steps.entries()) {
    const { region, units } = step;
    if (step.kind === 'transfer' || step.kind === 'open transfer') move(step, at);
    if (step.kind === 'end') end(step);
    if ((step.kind !== 'claim' && step.kind !== 'sell') || (free[region] ?? 0) < units) continue;
    free[region] = (free[region] ?? 0) - units;
    const state = step.kind === 'sell' ? 'sold' : 'held';
    const who = { claimId: `c${at}`, key: `k${at}`, shopperId: `s${at}`, region: REGIONS[region] ?? '' };
    claims.push({ ...who, sku: SKU, quantity: units, holdUntilMs: NOW + 1_000, state });
  }
  return { claims, journals, free };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const moved = (plan: RegionPlan, direction: 'in' | 'out'): number =>
  sum(plan.transfers.filter((transfer) => transfer.direction === direction).map(({ units }) => units));
const usedBy = (claims: readonly KnownClaim[]): number => sum(claims.filter(counts).map(({ quantity }) => quantity));

function availableIn(plan: RegionPlan): number {
  const capacity = (plan.allocated.get(SKU) ?? 0) + moved(plan, 'in') - moved(plan, 'out');
  return capacity - usedBy(plan.claims);
}

/** Units between regions that both survived. */
function unitsOnTheWay(journals: readonly Movement[], isLost: (region: string) => boolean): number {
  const arrived = new Set(journals.filter(({ direction }) => direction === 'in').map(({ transferId }) => transferId));
  const open = journals.filter(({ of, direction, other, transferId }) => {
    return direction === 'out' && !arrived.has(transferId) && !isLost(of) && !isLost(other);
  });
  return sum(open.map(({ units }) => units));
}

function expectOnlyOverdueToEnd(before: readonly KnownClaim[], after: readonly RegionPlan[]): void {
  const states = new Map(before.map(({ claimId, state }) => [claimId, state]));
  const changed = after.flatMap(({ claims }) => claims).filter(({ claimId, state }) => states.get(claimId) !== state);
  for (const { claimId, state, holdUntilMs } of changed) {
    expect([states.get(claimId), state]).toEqual(['held', 'expired']);
    expect(holdUntilMs).toBeLessThanOrEqual(NOW);
  }
}

describe('planRebuild', () => {
  it('conserves every unit and covers every claim, whatever happened and whichever regions are lost', () => {
    const allocations = fc.array(fc.nat(30), { minLength: 4, maxLength: 4 });
    const losses = fc.subarray(REGIONS, { minLength: 1 });
    fc.assert(
      fc.property(allocations, history, losses, (allocation, steps, lost) => {
        const world = play(allocation, steps);
        const isLost = (region: string) => lost.includes(region);
        // An expired hold that PostgreSQL has not heard of is still pending there.
        const told = world.claims.map((one): KnownClaim => {
          return { ...one, state: one.state === 'expired' ? 'held' : one.state };
        });
        const plan = planRebuild({
          given: new Map(REGIONS.map((region, at) => [region, new Map([[SKU, allocation[at] ?? 0]])])),
          lost,
          claims: told.filter(({ region }) => isLost(region)),
          journals: world.journals.filter(({ of }) => !isLost(of)),
          nowMs: NOW,
        });
        if (!plan.ok) throw new Error(plan.problems.join());

        const available = plan.regions.map(availableIn);
        for (const units of available) expect(units).toBeGreaterThanOrEqual(0);
        expectOnlyOverdueToEnd(told, plan.regions);
        // All units, wherever they are: given by the merchant, none made, none gone.
        const survivors = sum(world.free.filter((_, at) => !isLost(REGIONS[at] ?? '')));
        const used = usedBy(world.claims.filter(({ region }) => !isLost(region)));
        const usedByLost = sum(plan.regions.map((region) => usedBy(region.claims)));
        const travelling = unitsOnTheWay(world.journals, isLost);
        expect(sum(available) + usedByLost + survivors + used + travelling).toBe(sum(allocation));
      }),
      { numRuns: 2_000 },
    );
  });

  const claim = (changes: Partial<KnownClaim>): KnownClaim => ({
    ...{
      claimId: 'c',
      key: 'k',
      shopperId: 's',
      region: 'a',
      sku: SKU,
      quantity: 1,
      holdUntilMs: NOW + 1,
      state: 'held',
    },
    ...changes,
  });
  const input = (changes: Partial<PlanInput>): PlanInput => ({
    given: new Map([
      ['a', new Map([[SKU, 2]])],
      ['b', new Map([[SKU, 3]])],
    ]),
    ...{ lost: ['a'], claims: [], journals: [], nowMs: NOW },
    ...changes,
  });

  it('refuses more claims than there are units, rather than to sell what there is not', () => {
    const plan = planRebuild(input({ claims: [claim({ quantity: 3 })] }));
    expect(plan).toEqual({ ok: false, problems: ['the claims of S are 1 units more than there are for them'] });
  });

  it('makes up a transfer between two lost regions only as far as one is short', () => {
    const plan = planRebuild(input({ lost: ['a', 'b'], claims: [claim({ quantity: 4, state: 'sold' })] }));
    const back = { transferId: 'rebuilt:S:b:a', sku: SKU, units: 2 };
    expect(plan).toMatchObject({
      ok: true,
      regions: [
        { region: 'a', transfers: [{ ...back, direction: 'in', other: 'b' }] },
        { region: 'b', transfers: [{ ...back, direction: 'out', other: 'a' }] },
      ],
    });
  });

  it('ends the longest overdue holds where their units must have been sold again', () => {
    const claims = [
      claim({ claimId: '1', quantity: 2, holdUntilMs: NOW - 1 }),
      claim({ claimId: '2', quantity: 1, holdUntilMs: NOW - 2 }),
      claim({ claimId: '3', quantity: 1, holdUntilMs: NOW - 3 }),
      claim({ claimId: '4', quantity: 1, holdUntilMs: NOW - 4, state: 'sold' }),
      claim({ claimId: '5', quantity: 1, holdUntilMs: NOW - 5, state: 'cancelled' }),
    ];
    const plan = planRebuild(input({ claims }));
    const states = plan.ok ? plan.regions[0]?.claims.map(({ state }) => state) : plan.problems;
    expect(states).toEqual(['expired', 'expired', 'expired', 'sold', 'cancelled']);
  });
});
