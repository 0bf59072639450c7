/** The figures of a run of `edge`, by the names that its report has. */
import { availableParallelism } from 'node:os';
import { figuresOf, type Rounds, ratiosOf } from '../core/rounds.ts';
import { inRounds, type Rounded } from '../in-rounds.ts';
import type { Figures } from '../report/figures.ts';
import { median, round, spread } from '../report/statistics.ts';
import { bottleneckOf } from './bottleneck.ts';
import type { EdgeRun } from './run.ts';

/** What is measured of ours and of bare, in turn. */
export interface Parts {
  readonly winning: Rounds<EdgeRun>;
  readonly soldOut: Rounds<EdgeRun>;
  /** An open loop at half of what `winning` can. */
  readonly half: Rounds<EdgeRun>;
}

export const speed = (run: EdgeRun): number => run.decisionsPerSecond;
export const edgeUs = (run: EdgeRun): number => (run.edge / run.decisionsPerSecond) * 1e6;
const generatorUs = (run: EdgeRun): number => (run.generators / run.decisionsPerSecond) * 1e6;
const p99Ms = (run: EdgeRun): number => run.p99Ms;

const SPEED = { of: speed, digits: 0 };
const COST = { of: edgeUs, digits: 1 };
const P50 = { of: (run: EdgeRun) => run.p50Ms, digits: 2 };
const P99 = { of: p99Ms, digits: 2 };
const P999 = { of: (run: EdgeRun) => run.p999Ms, digits: 2 };

export function figuresInRounds({ winning, soldOut, half }: Parts): Rounded {
  return inRounds({
    ...figuresOf('metrics', winning.ours, {
      decisionsPerSecond: SPEED,
      p99MsAtFull: P99,
      edgeUsPerDecision: COST,
      edgeCores: { of: (run) => run.edge, digits: 2 },
      edgeWaitsForCore: { of: (run) => run.edgeWaitsForCore, digits: 2 },
      redisCores: { of: (run) => run.redis, digits: 2 },
      redisWaitsForCore: { of: (run) => run.redisWaitsForCore, digits: 2 },
      generatorCores: { of: (run) => run.generators, digits: 2 },
      busiestGeneratorCores: { of: (run) => run.busiestGenerator, digits: 2 },
      generatorUsPerDecision: { of: generatorUs, digits: 1 },
    }),
    ...figuresOf('metrics', soldOut.ours, { soldOutPerSecond: SPEED, edgeUsPerSoldOut: COST }),
    ...figuresOf('metrics', half.ours, {
      p50MsAtHalf: P50,
      p99MsAtHalf: P99,
      p999MsAtHalf: P999,
      mostWaitingAtHalf: { of: (run) => run.mostWaiting, digits: 0 },
    }),
    ...figuresOf('limits', winning.bare, {
      bareDecisionsPerSecond: SPEED,
      bareEdgeUsPerDecision: COST,
      bareGeneratorUsPerDecision: { of: generatorUs, digits: 1 },
    }),
    ...figuresOf('limits', soldOut.bare, { bareSoldOutPerSecond: SPEED, bareEdgeUsPerSoldOut: COST }),
    ...figuresOf('limits', half.bare, { bareP50MsAtHalf: P50, bareP99MsAtHalf: P99, bareP999MsAtHalf: P999 }),
    ...ratiosOf(winning, {
      decisions: { of: speed },
      // Of the CPU time of the edge: what a full generator hides least.
      edgeCpu: { of: edgeUs, less: true },
    }),
    ...ratiosOf(soldOut, { soldOut: { of: speed }, edgeCpuSoldOut: { of: edgeUs, less: true } }),
    ...ratiosOf(half, { p99AtHalf: { of: p99Ms, less: true } }),
  });
}

/** What is said once of all rounds. */
export function factsOf({ winning, soldOut, half }: Parts): Figures {
  const ours = [winning, soldOut, half].flatMap((part) => part.ours);
  return {
    decisionsSpread: round(spread(winning.ours.map(speed)), 2),
    soldOutSpread: round(spread(soldOut.ours.map(speed)), 2),
    bottleneck: bottleneckIn(winning.ours),
    soldOutBottleneck: bottleneckIn(soldOut.ours),
    askedAgain: ours.reduce((sum, run) => sum + run.askedAgain, 0),
  };
}

export function bottleneckIn(runs: readonly EdgeRun[]): string {
  const middle = (of: (run: EdgeRun) => number): number => median(runs.map(of));
  return bottleneckOf(
    {
      edge: middle((run) => run.edge),
      redis: middle((run) => run.redis),
      generators: middle((run) => run.generators),
      busiestGenerator: middle((run) => run.busiestGenerator),
      others: middle((run) => run.others),
    },
    availableParallelism(),
  );
}
