/** line: how many wait at once, what each of them costs, how fast all learn that the line moves, and whether the ETA is true. */

import { tellEdgeSettings } from '../edge/edge-settings.ts';
import { startBenchKafka } from '../machine/kafka-server.ts';
import { joinAudits } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { type CrowdRun, type CrowdSize, runCrowd } from './crowd-run.ts';
import { type EtaRun, etaShoppersIn, runEta } from './eta/eta-run.ts';
import { type LineStageOptions, openBareLineStage, openLineStage } from './stage.ts';

const SOCKETS = { whole: 100_000, quick: 10_000 } as const;
/** A process may have 20,000 files open on many machines: some of them are not shoppers. */
const SOCKETS_PER_EDGE = 16_000;
/** What the others hold when one of them is gone. */
const SOCKETS_AFTER_A_CRASH = 18_000;
const LEAST_EDGES = 2;
/** Of the crowd: what each tenth costs shows whether cost grows as the crowd does. */
const CURVE = [0.01, 0.1];

/** How large a run is. */
export interface LineSize extends CrowdSize {
  readonly moves: number;
  readonly secondsBetweenMoves: number;
  readonly curve: readonly number[];
  readonly etaShoppers: number;
}

interface Both {
  readonly ours: CrowdRun;
  readonly bare: CrowdRun;
}

export const line: Scenario = {
  name: 'line',
  about: 'a crowd that waits: sockets, memory, joins, head moves, and how true the ETA is',
  async run(context) {
    context.progress('starting Kafka');
    const kafka = await startBenchKafka(context.folder, context.signal);
    try {
      return await measureLine(context, kafka.address, sizeOf(context));
    } finally {
      await kafka.stop();
    }
  },
};

function sizeOf({ quick, sockets, seconds }: BenchContext): LineSize {
  const common = { settleMs: 2_000, etaShoppers: etaShoppersIn(seconds) };
  return quick
    ? { ...common, sockets: sockets ?? SOCKETS.quick, moves: 2, secondsBetweenMoves: 2, curve: [] }
    : { ...common, sockets: sockets ?? SOCKETS.whole, moves: 4, secondsBetweenMoves: 5, curve: CURVE };
}

/** All of it, with a Kafka that is there. */
export async function measureLine(context: BenchContext, kafka: string, size: LineSize): Promise<Findings> {
  context.progress('a line that flows, and what it tells of the time');
  const eta = await runEta(context, kafka, size.etaShoppers);
  const curve: CrowdRun[] = [];
  for (const share of size.curve) {
    const part = { ...size, sockets: Math.ceil(share * size.sockets) };
    curve.push((await measureCrowd(context, kafka, part, ['ours'])).ours);
  }
  const main = await measureCrowd(context, kafka, size, ['bare', 'ours']);
  return findingsOf(context, size, { main, curve: [...curve, main.ours], eta });
}

async function measureCrowd(
  context: BenchContext,
  kafka: string,
  size: LineSize,
  sides: readonly ('bare' | 'ours')[],
): Promise<Both> {
  const { folder, signal } = context;
  const { sockets, moves, secondsBetweenMoves } = size;
  const edges = edgesFor(sockets);
  const options: LineStageOptions = { folder, edges, moves, secondsBetweenMoves, kafka, signal };
  const runs: Partial<Record<'bare' | 'ours', CrowdRun>> = {};
  for (const side of sides) {
    context.progress(`${side}: starting ${edges} edges`);
    const stage = await (side === 'ours' ? openLineStage(options) : openBareLineStage(options));
    try {
      runs[side] = await runCrowd(context, stage, size, side);
    } finally {
      await stage.close();
    }
  }
  const ours = runs.ours ?? runs.bare;
  if (ours === undefined) throw new Error('Nothing was measured.');
  return { ours, bare: runs.bare ?? ours };
}

function edgesFor(sockets: number): number {
  const afterACrash = Math.ceil(sockets / SOCKETS_AFTER_A_CRASH) + 1;
  return Math.max(LEAST_EDGES, Math.ceil(sockets / SOCKETS_PER_EDGE), afterACrash);
}

interface Measured {
  readonly main: Both;
  readonly curve: readonly CrowdRun[];
  readonly eta: EtaRun;
}

function findingsOf(context: BenchContext, size: LineSize, { main, curve, eta }: Measured): Findings {
  const { ours, bare } = main;
  const { calibration } = eta;
  return {
    settings: {
      seconds: context.seconds,
      sockets: ours.sockets,
      edges: ours.edges,
      generators: ours.edges,
      secondsBetweenMoves: size.secondsBetweenMoves,
      etaShoppers: eta.shoppers,
      edgeSettings: tellEdgeSettings(),
    },
    metrics: {
      ...figuresOf(ours),
      ...crashFiguresOf(ours),
      etaWithin: round(calibration.within, 3),
      etaEarly: round(calibration.early, 3),
      etaLate: round(calibration.late, 3),
      etaShoppers: calibration.shoppers,
      etaWaitP50Ms: round(calibration.waitP50Ms),
      etaWidthP50Ms: round(calibration.widthP50Ms),
      etaWidthOfWaitP50: round(calibration.widthOfWaitP50, 2),
      etaJumps: calibration.jumps,
    },
    limits: Object.fromEntries(Object.entries(figuresOf(bare)).map(([name, value]) => [`bare${capital(name)}`, value])),
    ratios: {
      joins: round(ours.joinsPerSecond / bare.joinsPerSecond, 3),
      /** Bare ÷ ours, so that less is worse here as well. */
      bytesPerSocket: round(bare.bytesPerSocket / ours.bytesPerSocket, 3),
      stormBackP99: round(bare.storm.p99Ms / ours.storm.p99Ms, 3),
      headMoveP99: round(bare.headMoves.p99Ms / ours.headMoves.p99Ms, 3),
    },
    curves: { sockets: curve.map(rowOf) },
    samples: {},
    charts: [],
    audit: joinAudits([ours.audit, bare.audit, eta.audit, ...curve.map(({ audit }) => audit)]),
    servers: { redis: eta.redisVersion, kafka: 'started, idle' },
    tables: tablesOf(main, curve),
    notes: NOTES,
  };
}

const NOTES = [
  'bare: a uWebSockets.js server that answers a join with a number and publishes one frame; no token, no Redis, no line. As many processes, the same generators.',
  'bytesPerSocket: what the resident memory of all edges grew by while the crowd came, divided by it. What the kernel holds for a connection is not in it.',
  'A head move counts from the moment of the call that moved it, as the pass of the shopper who was called tells, until a waiting socket was told.',
  'Edges, generators and Redis share the cores of this machine.',
  'Storm: a fifth of all sockets is cut without a word, and all come back in the same moment with token and ticket, to the edges in turn. Crash: an edge is killed (kill -9), and its sockets go to the others. Both count until the place was told again.',
  'ETA: shoppers who come before and after the start, of whom a fifth lets the pass run out and a twentieth leaves the line. Counted is the first interval each was told. The width is beside it: an interval without end is always right.',
];

function figuresOf(run: CrowdRun): Figures {
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

function rowOf(run: CrowdRun): Figures {
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
    'crash p99 ms': run.crash?.p99Ms ?? 0,
  };
}

function tablesOf({ ours, bare }: Both, curve: readonly CrowdRun[]): Table[] {
  const rows = [
    { run: 'bare', ...rowOf(bare) },
    { run: 'ours', ...rowOf(ours) },
  ];
  return [tableOf('Crowds', rows), ...(curve.length > 1 ? [tableOf('Curve: sockets', curve.map(rowOf))] : [])];
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
