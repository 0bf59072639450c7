/** The figures of a run of `core`, by the names that its report has. */
import { inRounds, type Rounded } from '../in-rounds.ts';
import type { Rounds } from '../in-turn.ts';
import type { Figures } from '../report/figures.ts';
import { median, round, spread } from '../report/statistics.ts';
import { bottleneckOf } from './bottleneck.ts';
import type { Measured } from './measurements.ts';
import { figuresOf, ratiosOf } from './rounds.ts';

/** What is measured of ours and of bare, in turn. */
export interface Parts {
  /** As fast as it is answered. */
  readonly full: Rounds<Measured>;
  /** At half of that, an open loop. */
  readonly half: Rounds<Measured>;
  readonly slowDisk: Rounds<Measured>;
  readonly soldOut: Measured;
}

const US_PER_SECOND = 1_000_000;
const US_PER_MS = 1_000;

export const speed = (run: Measured): number => run.claimsPerSecond;
export const redisUs = (run: Measured): number => (run.redis / run.claimsPerSecond) * US_PER_SECOND;
const generatorUs = (run: Measured): number => (run.generators / run.claimsPerSecond) * US_PER_SECOND;
const p99Ms = (run: Measured): number => run.p99Ms;
const percentile =
  (at: number) =>
  ({ latencies }: Measured): number =>
    latencies.getValueAtPercentile(at) / US_PER_MS;

export function figuresInRounds({ full, half, slowDisk, soldOut }: Parts): Rounded {
  const latency = { of: (run: Measured) => run.p50Ms, digits: 2 };
  return inRounds({
    ...figuresOf('metrics', full.ours, {
      claimsPerSecond: { of: speed, digits: 0 },
      p50Ms: latency,
      p99Ms: { of: p99Ms, digits: 2 },
      redisCpu: { of: (run) => run.redis, digits: 2 },
      redisUsPerClaim: { of: redisUs, digits: 2 },
      redisWaitsForDisk: { of: (run) => run.redisUse.waitsForDisk, digits: 2 },
      redisWaitsForCore: { of: (run) => run.redisUse.waitsForCore, digits: 2 },
      callsUnderWay: { of: (run) => run.callsUnderWay, digits: 1 },
      generatorCpu: { of: (run) => run.generators, digits: 2 },
      generatorCores: { of: (run) => run.generators, digits: 2 },
      busiestGeneratorCores: { of: (run) => run.busiestGenerator, digits: 2 },
      generatorUsPerClaim: { of: generatorUs, digits: 2 },
      meanCallMs: { of: (run) => run.meanCallMs, digits: 2 },
    }),
    ...figuresOf('metrics', half.ours, {
      p50MsAtHalf: latency,
      p99MsAtHalf: { of: p99Ms, digits: 2 },
      p999MsAtHalf: { of: percentile(99.9), digits: 2 },
    }),
    ...figuresOf('metrics', slowDisk.ours, { claimsPerSecondAt2MsFsync: { of: speed, digits: 0 } }),
    ...figuresOf('metrics', [soldOut], { soldOutPerSecond: { of: speed, digits: 0 } }),
    ...figuresOf('limits', full.bare, {
      bareClaimsPerSecond: { of: speed, digits: 0 },
      bareP99Ms: { of: p99Ms, digits: 2 },
      bareRedisUsPerClaim: { of: redisUs, digits: 2 },
      bareRedisWaitsForDisk: { of: (run) => run.redisUse.waitsForDisk, digits: 2 },
      bareCallsUnderWay: { of: (run) => run.callsUnderWay, digits: 1 },
    }),
    ...figuresOf('limits', half.bare, {
      bareP50MsAtHalf: latency,
      bareP99MsAtHalf: { of: p99Ms, digits: 2 },
    }),
    ...figuresOf('limits', slowDisk.bare, { bareClaimsPerSecondAt2MsFsync: { of: speed, digits: 0 } }),
    ...ratiosOf(full, {
      claims: { of: speed },
      // Of the CPU time of Redis: what other programs on the machine disturb least.
      redisCpu: { of: redisUs, less: true },
    }),
    ...ratiosOf(half, { p99AtHalf: { of: p99Ms, less: true } }),
    ...ratiosOf(slowDisk, { claimsAt2MsFsync: { of: speed } }),
  });
}

/** What is said once of all rounds. */
export function factsOf(runs: readonly Measured[]): Figures {
  return {
    spread: round(spread(runs.map(speed)), 2),
    bottleneck: bottleneckIn(runs),
    longestCallMs: round(Math.max(...runs.map((run) => run.longestCallMs)), 2),
    longestCall: 'lua/stock/claim',
    slowCalls: runs.reduce((sum, run) => sum + run.slowCalls, 0),
    failedCalls: runs.reduce((sum, run) => sum + run.failedCalls, 0),
  };
}

export function bottleneckIn(runs: readonly Measured[]): string {
  const middle = (of: (run: Measured) => number): number => median(runs.map(of));
  return bottleneckOf({
    busiestGenerator: middle((run) => run.busiestGenerator),
    redis: middle((run) => run.redis),
    redisProcesses: 1,
    waitsForCore: middle((run) => run.redisUse.waitsForCore),
    waitsForDisk: middle((run) => run.redisUse.waitsForDisk),
  });
}
