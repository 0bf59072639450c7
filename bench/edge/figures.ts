/** The figures of a run of `edge`, by the names that its report has. */
import { availableParallelism } from 'node:os';
import { figuresOf, ratiosOf } from '../core/rounds.ts';
import { inRounds, type Rounded } from '../in-rounds.ts';
import type { Rounds } from '../in-turn.ts';
import { addCpu, bottleneckOf, coresOf } from '../machine/cpu-use.ts';
import type { Figures } from '../report/figures.ts';
import { round, spread } from '../report/statistics.ts';
import type { EdgeRun } from './run.ts';

/** What is measured of ours and of bare, in turn. */
export interface Parts {
  readonly winning: Rounds<EdgeRun>;
  readonly soldOut: Rounds<EdgeRun>;
  /** An open loop at half of what `winning` can. */
  readonly half: Rounds<EdgeRun>;
}

export const speed = (run: EdgeRun): number => run.decisionsPerSecond;
const US_PER_SECOND = 1_000_000;
/** Each of these thinks on one core at a time; a generator first, since it hides what the others can do. */
const OF_ONE_CORE = ['generator', 'edge', 'redis'];
type Process = 'generator' | 'edge' | 'redis';

export const coresIn =
  (name: Process) =>
  ({ cpu }: EdgeRun): number =>
    coresOf(cpu, name);
const usOf =
  (name: Process) =>
  (run: EdgeRun): number =>
    (coresIn(name)(run) / run.decisionsPerSecond) * US_PER_SECOND;
export const edgeUs = usOf('edge');
const generatorUs = usOf('generator');
export const busiestGenerator = ({ cpu }: EdgeRun): number => (cpu.busiestMs['generator'] ?? 0) / cpu.wallMs;
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
      edgeCores: { of: coresIn('edge'), digits: 2 },
      edgeWaitsForCore: { of: (run) => run.edgeWaitsForCore, digits: 2 },
      redisCores: { of: coresIn('redis'), digits: 2 },
      redisWaitsForCore: { of: (run) => run.redisWaitsForCore, digits: 2 },
      generatorCores: { of: coresIn('generator'), digits: 2 },
      busiestGeneratorCores: { of: busiestGenerator, digits: 2 },
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
  return bottleneckOf(addCpu(runs.map(({ cpu }) => cpu)), OF_ONE_CORE, availableParallelism());
}
