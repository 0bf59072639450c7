/** The figures of a report, from the runs. */
import { inRounds, type Rounded } from '../in-rounds.ts';
import { bottleneckOf, type CpuUse, coresOf } from '../machine/cpu-use.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import type { CrowdRun } from './crowd-run.ts';
import type { EtaRun } from './eta/eta-run.ts';

export interface Both {
  readonly ours: CrowdRun;
  readonly bare: CrowdRun;
}

const US_PER_MS = 1_000;
/** Each of these thinks on one core at a time. */
const OF_ONE_CORE = ['generator', 'edge', 'redis'];

/** The crowd is there once: its moves and the line that flows are what is measured in rounds. */
export function figuresOf({ ours, bare }: Both, eta: readonly EtaRun[], coresOfMachine: number): Rounded {
  const of = (figure: (run: EtaRun['calibration']) => number): number[] =>
    eta.map(({ calibration }) => figure(calibration));
  const flowing = inRounds({
    'metrics.etaWithin': { values: of(({ within }) => within), digits: 3 },
    'metrics.etaEarly': { values: of(({ early }) => early), digits: 3 },
    'metrics.etaLate': { values: of(({ late }) => late), digits: 3 },
    'metrics.etaShoppers': { values: of(({ shoppers }) => shoppers) },
    'metrics.etaWaitP50Ms': { values: of(({ waitP50Ms }) => waitP50Ms) },
    'metrics.etaWidthP50Ms': { values: of(({ widthP50Ms }) => widthP50Ms) },
    'metrics.etaWidthOfWaitP50': { values: of(({ widthOfWaitP50 }) => widthOfWaitP50), digits: 2 },
    'metrics.etaJumps': { values: of(({ jumps }) => jumps) },
  });
  const bareFigures = Object.entries({ ...crowdFiguresOf(bare), ...costsOf(bare, coresOfMachine) });
  return {
    metrics: {
      ...crowdFiguresOf(ours),
      ...crashFiguresOf(ours),
      ...flowing.metrics,
      ...costsOf(ours, coresOfMachine),
    },
    limits: Object.fromEntries(bareFigures.map(([name, value]) => [`bare${capital(name)}`, value])),
    ratios: {
      joins: round(ours.joinsPerSecond / bare.joinsPerSecond, 3),
      /** Bare ÷ ours, so that less is worse here as well. */
      bytesPerSocket: round(bare.bytesPerSocket / ours.bytesPerSocket, 3),
      stormBackP99: round(bare.storm.p99Ms / ours.storm.p99Ms, 3),
      headMoveP99: round(bare.headMoves.p99Ms / ours.headMoves.p99Ms, 3),
    },
    samples: {
      ...flowing.samples,
      'metrics.headMoveP99Ms': ours.headMoves.p99MsEach,
      'limits.bareHeadMoveP99Ms': bare.headMoves.p99MsEach,
    },
  };
}

function crowdFiguresOf(run: CrowdRun): Figures {
  return {
    sockets: run.sockets,
    bytesPerSocket: round(run.bytesPerSocket),
    joinsPerSecond: round(run.joinsPerSecond),
    joinRetries: run.joinRetries,
    headMoveP50Ms: run.headMoves.p50Ms,
    headMoveP99Ms: run.headMoves.p99Ms,
    headMoveMaxMs: run.headMoves.maxMs,
    headMoves: run.headMoves.moves,
    idleCores: round(run.idleCores, 3),
    stormSockets: run.storm.sockets,
    stormBackP50Ms: run.storm.p50Ms,
    stormBackP99Ms: run.storm.p99Ms,
    stormBackMaxMs: run.storm.maxMs,
    stormRetries: run.storm.retries,
  };
}

function crashFiguresOf({ storm, crash }: CrowdRun): Figures {
  return {
    stormPlacesKept: storm.placesKept,
    ...(crash === undefined
      ? {}
      : {
          crashSockets: crash.sockets,
          crashBackP50Ms: crash.p50Ms,
          crashBackP99Ms: crash.p99Ms,
          crashBackMaxMs: crash.maxMs,
          crashPlacesKept: crash.placesKept,
          crashRetries: crash.retries,
        }),
  };
}

/** What a join costs and what held the joins back; and what it costs to tell one socket of one move, idle work included. */
function costsOf({ sockets, headMoves, joinCpu, moveCpu }: CrowdRun, coresOfMachine: number): Figures {
  const us = (cpu: CpuUse, name: string, times: number): number =>
    round(((cpu.ms[name] ?? 0) * US_PER_MS) / Math.max(1, times), 1);
  const told = sockets * headMoves.moves;
  return {
    edgeUsPerJoin: us(joinCpu, 'edge', sockets),
    redisUsPerJoin: us(joinCpu, 'redis', sockets),
    generatorUsPerJoin: us(joinCpu, 'generator', sockets),
    edgeUsPerTold: us(moveCpu, 'edge', told),
    generatorUsPerTold: us(moveCpu, 'generator', told),
    edgeCores: round(coresOf(joinCpu, 'edge'), 2),
    generatorCores: round(coresOf(joinCpu, 'generator'), 2),
    bottleneck: bottleneckOf(joinCpu, OF_ONE_CORE, coresOfMachine),
  };
}

export function rowOf(run: CrowdRun): Figures {
  return {
    sockets: run.sockets,
    edges: run.edges,
    'bytes/socket': round(run.bytesPerSocket),
    'joins/s': round(run.joinsPerSecond),
    'head p50 ms': run.headMoves.p50Ms,
    'head p99 ms': run.headMoves.p99Ms,
    'head max ms': run.headMoves.maxMs,
    'idle cores': round(run.idleCores, 3),
    'storm p99 ms': run.storm.p99Ms,
    'crash p99 ms': run.crash?.p99Ms ?? null,
    'edge us/join': round(((run.joinCpu.ms['edge'] ?? 0) * US_PER_MS) / run.sockets, 1),
  };
}

export function tablesOf({ ours, bare }: Both, curve: readonly Figures[]): Table[] {
  const rows = [
    { run: 'bare', ...rowOf(bare) },
    { run: 'ours', ...rowOf(ours) },
  ];
  const costs = [
    { run: 'bare', ...coresRowOf(bare) },
    { run: 'ours', ...coresRowOf(ours) },
  ];
  const moves = [bare, ours].flatMap((run, at) =>
    run.headMoves.p99MsEach.map((p99Ms, move) => ({
      run: at === 0 ? 'bare' : 'ours',
      move: move + 1,
      'p99 ms': p99Ms,
    })),
  );
  return [
    tableOf('Crowds', rows),
    tableOf('Cores in use', costs),
    tableOf('Each move of the head', moves),
    ...(curve.length > 1 ? [tableOf('Curve: sockets', curve)] : []),
  ];
}

function coresRowOf({ joinCpu, moveCpu }: CrowdRun): Figures {
  const of = (cpu: CpuUse, when: string): Figures => ({
    [`edges, ${when}`]: round(coresOf(cpu, 'edge'), 2),
    [`generators, ${when}`]: round(coresOf(cpu, 'generator'), 2),
    [`redis, ${when}`]: round(coresOf(cpu, 'redis'), 2),
  });
  return {
    ...of(joinCpu, 'joining'),
    ...of(moveCpu, 'moving'),
  };
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export const NOTES = [
  'bare: a uWebSockets.js server that answers a join with a number and publishes one frame; no token, no Redis, no line. As many processes, the same generators.',
  'bytesPerSocket: what the resident memory of all edges grew by while the crowd came, divided by it. What the kernel holds for a connection is not in it.',
  'A head move counts from the moment of the call that moved it, as the pass of the shopper who was called tells, until a waiting socket was told. The figures are of all moves together; the samples are the p99 of each.',
  'The crowd comes once. In rounds are measured: the moves of its head, and the line that flows (eta…), of which the medians are told.',
  'Edges, generators and Redis share the cores of this machine. …UsPerJoin and …UsPerTold: CPU time for one shopper, and for one socket that is told of one move, with all that else happens meanwhile.',
  'Storm: a fifth of all sockets is cut without a word, and all come back in the same moment with token and ticket, to the edges in turn. Crash: an edge is killed (kill -9), and its sockets go to the others. Both count until the place was told again.',
  'ETA: shoppers who come before and after the start, of whom a fifth lets the pass run out and a twentieth leaves the line. Counted is the first interval each was told. The width is beside it: an interval without end is always right.',
];
