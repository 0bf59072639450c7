/** edge: claims decided in a second over WebSocket, each against a bare server of the same kind in the same run. */
import { availableParallelism } from 'node:os';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { startBenchKafka } from '../machine/kafka-server.ts';
import { joinAudits } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { median, round, spread } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { bottleneckOf, isDisturbed } from './bottleneck.ts';
import { tellEdgeSettings } from './edge-settings.ts';
import { type EdgeRun, type EdgeRunSettings, GENERATORS, runEdge } from './run.ts';

const SOCKETS = 1_000;
const ROUNDS = { whole: 3, quick: 1 } as const;
/** Fewer than 500 would each say more in a second than one socket may. */
const CURVE_SOCKETS = [500, 1_000, 2_000, 4_000];
const HALF = 0.5;

/** The same run of both in turn, so that what disturbs the machine disturbs both. */
interface Both {
  readonly ours: readonly EdgeRun[];
  readonly bare: readonly EdgeRun[];
}

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
export async function measureEdge(
  context: BenchContext,
  given: { readonly kafka: string; readonly sockets: number; readonly fsyncMs: number },
): Promise<Findings> {
  const { kafka, sockets, fsyncMs } = given;
  const rounds = context.quick ? ROUNDS.quick : ROUNDS.whole;
  const base = { kafka, seconds: context.seconds, sockets };
  const winning = await inTurn(context, rounds, base, 'all winning');
  const soldOut = await inTurn(context, rounds, { ...base, soldOut: true }, 'sold out');
  const perSecond = Math.floor(HALF * middle(winning.ours, speed));
  const half = await inTurn(context, rounds, { ...base, perSecond }, `at ${perSecond} claims/s`);
  const curve = context.quick ? [] : await measureSockets(context, base);
  const all = [winning, soldOut, half].flatMap(({ ours, bare }) => [...ours, ...bare]);
  return {
    settings: {
      seconds: context.seconds,
      rounds,
      sockets,
      edges: 1,
      generators: GENERATORS,
      claimsPerSecondAtHalf: perSecond,
      edgeSettings: tellEdgeSettings(),
      appendfsync: 'always',
    },
    metrics: metricsOf(winning, soldOut, half),
    limits: limitsOf(winning, soldOut, half, fsyncMs),
    ratios: ratiosOf(winning, soldOut, half),
    curves: { sockets: curve.map(({ point }) => point) },
    samples: {},
    charts: [],
    audit: joinAudits([...all, ...curve.map(({ run }) => run)].map(({ audit }) => audit)),
    servers: { redis: all[0]?.redisVersion ?? 'unknown', kafka: 'started, idle' },
    tables: tablesOf(
      { winning, soldOut, half },
      curve.map(({ point }) => point),
    ),
    notes: notesOf(winning, all, fsyncMs),
  };
}

async function inTurn(
  context: BenchContext,
  rounds: number,
  asked: Omit<EdgeRunSettings, 'side'>,
  what: string,
): Promise<Both> {
  const [ours, bare]: [EdgeRun[], EdgeRun[]] = [[], []];
  for (let at = 1; at <= rounds; at += 1) {
    context.progress(`${what}: bare, run ${at} of ${rounds}`);
    bare.push(await runEdge(context, { ...asked, side: 'bare' }));
    context.progress(`${what}: ours, run ${at} of ${rounds}`);
    ours.push(await runEdge(context, { ...asked, side: 'ours' }));
  }
  return { ours, bare };
}

async function measureSockets(
  context: BenchContext,
  base: Omit<EdgeRunSettings, 'side'>,
): Promise<{ readonly point: Figures; readonly run: EdgeRun }[]> {
  const points: { point: Figures; run: EdgeRun }[] = [];
  for (const sockets of CURVE_SOCKETS) {
    context.progress(`curve: ${sockets} sockets`);
    const run = await runEdge(context, { ...base, sockets, side: 'ours' });
    points.push({ run, point: { sockets, ...rowOf(run) } });
  }
  return points;
}

const speed = (run: EdgeRun): number => run.decisionsPerSecond;
const edgeUs = (run: EdgeRun): number => (run.edge / run.decisionsPerSecond) * 1e6;

function middle(runs: readonly EdgeRun[], figure: (run: EdgeRun) => number, digits = 0): number {
  return round(median(runs.map(figure)), digits);
}

/** Each run against the one just before it: what disturbs the machine for a while disturbs both. */
function ratio({ ours, bare }: Both, figure: (run: EdgeRun) => number): number {
  return round(median(ours.map((run, at) => figure(run) / figure(bare[at] ?? run))), 3);
}

function metricsOf(winning: Both, soldOut: Both, half: Both): Figures {
  return {
    decisionsPerSecond: middle(winning.ours, speed),
    decisionsSpread: round(spread(winning.ours.map(speed)), 2),
    soldOutPerSecond: middle(soldOut.ours, speed),
    soldOutSpread: round(spread(soldOut.ours.map(speed)), 2),
    p50MsAtHalf: middle(half.ours, (run) => run.p50Ms, 2),
    p99MsAtHalf: middle(half.ours, (run) => run.p99Ms, 2),
    p999MsAtHalf: middle(half.ours, (run) => run.p999Ms, 2),
    p99MsAtFull: middle(winning.ours, (run) => run.p99Ms, 2),
    edgeUsPerDecision: middle(winning.ours, edgeUs, 1),
    edgeUsPerSoldOut: middle(soldOut.ours, edgeUs, 1),
    edgeCores: middle(winning.ours, (run) => run.edge, 2),
    redisCores: middle(winning.ours, (run) => run.redis, 2),
    generatorCores: middle(winning.ours, (run) => run.generators, 2),
    bottleneck: bottleneck(winning.ours),
    soldOutBottleneck: bottleneck(soldOut.ours),
    askedAgain: [winning, soldOut, half].flatMap(({ ours }) => ours).reduce((sum, run) => sum + run.askedAgain, 0),
  };
}

function limitsOf(winning: Both, soldOut: Both, half: Both, fsyncMs: number): Figures {
  return {
    bareDecisionsPerSecond: middle(winning.bare, speed),
    bareSoldOutPerSecond: middle(soldOut.bare, speed),
    bareP50MsAtHalf: middle(half.bare, (run) => run.p50Ms, 2),
    bareP99MsAtHalf: middle(half.bare, (run) => run.p99Ms, 2),
    bareP999MsAtHalf: middle(half.bare, (run) => run.p999Ms, 2),
    bareEdgeUsPerDecision: middle(winning.bare, edgeUs, 1),
    bareEdgeUsPerSoldOut: middle(soldOut.bare, edgeUs, 1),
    bareBottleneck: bottleneck(winning.bare),
    bareSoldOutBottleneck: bottleneck(soldOut.bare),
    fsyncMs,
  };
}

function ratiosOf(winning: Both, soldOut: Both, half: Both): Figures {
  return {
    decisions: ratio(winning, speed),
    soldOut: ratio(soldOut, speed),
    /** Bare ÷ ours, so that less is worse here as well. */
    p99AtHalf: round(1 / ratio(half, (run) => run.p99Ms), 3),
    /** Of the CPU time of the edge: what a full generator hides least. */
    edgeCpu: round(1 / ratio(winning, edgeUs), 3),
    edgeCpuSoldOut: round(1 / ratio(soldOut, edgeUs), 3),
  };
}

function bottleneck(runs: readonly EdgeRun[]): string {
  const of = (figure: (run: EdgeRun) => number): number => middle(runs, figure, 2);
  return bottleneckOf(
    {
      edge: of((run) => run.edge),
      redis: of((run) => run.redis),
      generators: of((run) => run.generators),
      busiestGenerator: of((run) => run.busiestGenerator),
      others: of((run) => run.others),
    },
    availableParallelism(),
  );
}

function rowOf(run: EdgeRun): Figures {
  return {
    'decisions/s': round(run.decisionsPerSecond),
    'p50 ms': round(run.p50Ms, 2),
    'p99 ms': round(run.p99Ms, 2),
    'p99.9 ms': round(run.p999Ms, 2),
    'max ms': round(run.maxMs, 1),
    'edge cores': round(run.edge, 2),
    'Redis cores': round(run.redis, 2),
    'generator cores': round(run.generators, 2),
    'other cores': round(run.others, 2),
    'edge us/claim': round(edgeUs(run), 1),
  };
}

function tablesOf(parts: Readonly<Record<'winning' | 'soldOut' | 'half', Both>>, curve: readonly Figures[]): Table[] {
  const rows = Object.entries(parts).flatMap(([part, { ours, bare }]) =>
    ours.flatMap((run, at) => [bare[at] ?? run, run]).map((run) => ({ part, run: run.side, ...rowOf(run) })),
  );
  return [tableOf('Runs, in this order', rows), ...(curve.length > 0 ? [tableOf('Curve: sockets', curve)] : [])];
}

function notesOf(winning: Both, all: readonly EdgeRun[], fsyncMs: number): string[] {
  const disturbed = all.filter((run) => isDisturbed(run, availableParallelism())).length;
  return [
    'bare: a uWebSockets.js server that parses the claim, collects a turn of the loop into the bare script (one HINCRBY, one HSET, one XADD a claim; appendfsync always) and answers the same JSON. Sold out: it answers from memory. The same generator drives both.',
    'At half: an open loop; a claim that is due counts its time from then, also while it waits for a free socket or for the generator (coordinated omission).',
    `An fsync took ${fsyncMs} ms here.`,
    'Generator, edge and Redis share the cores of this machine: a figure of a generator that is full, or of a machine that is full, is what they carry together, not what the edge carries alone.',
    ...(bottleneck([...winning.ours]) === 'generator'
      ? ['The generator was the bottleneck: the edge can do more than this says.']
      : []),
    ...(disturbed > 0
      ? [
          `Other programs were using the machine in ${disturbed} of ${all.length} runs: the absolute figures are too low.`,
        ]
      : []),
  ];
}
