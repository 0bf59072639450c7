/** edge: claims decided in a second over WebSocket, each against a bare server of the same kind in the same run. */
import { availableParallelism } from 'node:os';
import { latencyChart, timelineChart } from '../core/charts.ts';
import { inTurn, type Rounds } from '../in-turn.ts';
import { isDisturbed } from '../machine/cpu-use.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { startBenchKafka } from '../machine/kafka-server.ts';
import { joinAudits } from '../report/audit.ts';
import type { Chart } from '../report/chart.ts';
import type { Figures } from '../report/figures.ts';
import { scalingCharts } from '../report/scaling-charts.ts';
import { median, round } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { measureSockets } from './curve.ts';
import { tellEdgeSettings } from './edge-settings.ts';
import {
  bottleneckIn,
  busiestGenerator,
  coresIn,
  edgeUs,
  factsOf,
  figuresInRounds,
  type Parts,
  speed,
} from './figures.ts';
import { type EdgeRun, GENERATORS, runEdge, WARM_UP_MS } from './run.ts';

const SOCKETS = 1_000;
const HALF = 0.5;

export const edge: Scenario = {
  name: 'edge',
  about: 'claims decided over WebSocket: all winning, sold out, and at half of what it can',
  async run(context) {
    context.progress('fsync time of this disk');
    const fsyncMs = round(await measureFsyncMs(context.folder), 3);
    context.progress('starting Kafka');
    const kafka = await startBenchKafka(context.folder, context.signal);
    try {
      return await measureEdge(context, { kafka: kafka.address, sockets: SOCKETS, fsyncMs });
    } finally {
      await kafka.stop();
    }
  },
};

/** All of it, with a Kafka that is there. */
async function measureEdge(
  context: BenchContext,
  given: { readonly kafka: string; readonly sockets: number; readonly fsyncMs: number },
): Promise<Findings> {
  const { kafka, sockets, fsyncMs } = given;
  const base = { kafka, seconds: context.seconds, sockets };
  const winning = await inTurn(context, 'all winning', (side) => runEdge(context, { ...base, side }));
  const soldOut = await inTurn(context, 'sold out', (side) => runEdge(context, { ...base, soldOut: true, side }));
  const perSecond = Math.floor(HALF * median(winning.ours.map(speed)));
  const atHalf = `at ${perSecond} claims/s`;
  const half = await inTurn(context, atHalf, (side) => runEdge(context, { ...base, perSecond, side }));
  const parts = { winning, soldOut, half };
  const curve = context.quick ? { points: [], runs: [] } : await measureSockets(context, base, perSecond);
  const all = Object.values(parts).flatMap(({ ours, bare }) => [...ours, ...bare]);
  const { metrics, limits, ratios, samples } = figuresInRounds(parts);
  return {
    settings: settingsOf(sockets, perSecond),
    metrics: { ...metrics, ...factsOf(parts) },
    limits: {
      ...limits,
      bareBottleneck: bottleneckIn(winning.bare),
      bareSoldOutBottleneck: bottleneckIn(soldOut.bare),
      fsyncMs,
    },
    ratios,
    curves: { sockets: curve.points },
    samples,
    charts: chartsOf(parts, context, curve.points),
    audit: joinAudits([...all, ...curve.runs].map(({ audit }) => audit)),
    servers: { redis: all[0]?.redisVersion ?? 'unknown', kafka: 'started, idle' },
    tables: tablesOf(parts, curve.points),
    notes: notesOf(context, parts, fsyncMs),
  };
}

function settingsOf(sockets: number, perSecond: number): Figures {
  return {
    ...{ sockets, edges: 1 },
    generators: GENERATORS,
    claimsPerSecondAtHalf: perSecond,
    edgeSettings: tellEdgeSettings(),
    appendfsync: 'always',
  };
}

function chartsOf({ winning, soldOut, half }: Parts, context: BenchContext, points: readonly Figures[]): Chart[] {
  const warmUpMs = Math.min(WARM_UP_MS, context.seconds * 1_000);
  return [
    latencyChart('Latency of a decision at half of the maximum, open loop, all rounds', half),
    latencyChart('Latency of a decision at full load, all winning, all rounds', winning),
    latencyChart('Latency of a decision at full load, sold out, all rounds', soldOut),
    timelineChart('Decisions in a second, all winning, last round', 'claims/s', winning, warmUpMs),
    ...scalingCharts('sockets', points, ['edge us/claim', 'p99 ms']),
  ];
}

function rowOf(run: EdgeRun): Figures {
  return {
    'decisions/s': round(run.decisionsPerSecond),
    'p50 ms': round(run.p50Ms, 2),
    'p99 ms': round(run.p99Ms, 2),
    'p99.9 ms': round(run.p999Ms, 2),
    'max ms': round(run.maxMs, 1),
    'edge cores': round(coresIn('edge')(run), 2),
    'edge waits for a core': round(run.edgeWaitsForCore, 2),
    'Redis cores': round(coresIn('redis')(run), 2),
    'Redis waits for a core': round(run.redisWaitsForCore, 2),
    'generator cores': round(coresIn('generator')(run), 2),
    'busiest generator': round(busiestGenerator(run), 2),
    'other cores': round(run.cpu.othersMs / run.cpu.wallMs, 2),
    'edge us/claim': round(edgeUs(run), 1),
  };
}

function tablesOf(parts: Parts, curve: readonly Figures[]): Table[] {
  const rows = Object.entries(parts).flatMap(([part, { ours, bare }]: [string, Rounds<EdgeRun>]) =>
    ours.flatMap((run, at) => [bare[at] ?? run, run]).map((run) => ({ part, run: run.side, ...rowOf(run) })),
  );
  return [tableOf('Runs, in this order', rows), ...(curve.length > 0 ? [tableOf('Curve: sockets', curve)] : [])];
}

function notesOf({ slowedMs = 0 }: BenchContext, parts: Parts, fsyncMs: number): string[] {
  const all = Object.values(parts).flatMap(({ ours, bare }) => [...ours, ...bare]);
  const disturbed = all.filter((run) => isDisturbed(run.cpu, availableParallelism())).length;
  return [
    'bare: a uWebSockets.js server that parses the claim, collects a turn of the loop into the bare script (one HINCRBY and one HSET a claim, one XADD a batch; appendfsync always) and answers the same JSON. Sold out: it answers from memory. The same generators drive both.',
    'At half: an open loop; a claim that is due counts its time from then, also while it waits for a free socket or for the generator (coordinated omission).',
    `An fsync took ${fsyncMs} ms here.`,
    'Generators, edge and Redis share the cores of this machine: a figure of a generator that is full, or of a machine that is full, is what they carry together, not what the edge carries alone.',
    ...(bottleneckIn(parts.winning.ours) === 'generator'
      ? ['A generator was the bottleneck: the edge can do more than this says.']
      : []),
    ...(disturbed > 0
      ? [
          `Other programs were using the machine in ${disturbed} of ${all.length} runs: the absolute figures are too low.`,
        ]
      : []),
    ...(slowedMs > 0 ? [`Slowed on purpose: the edge is busy for ${slowedMs} ms with each claim.`] : []),
  ];
}
