/** line: how many wait at once, what each of them costs, how fast all learn that the line moves, and whether the ETA is true. */
import { availableParallelism } from 'node:os';
import { tellEdgeSettings } from '../edge/edge-settings.ts';
import { startBenchKafka } from '../machine/kafka-server.ts';
import { onlyAudited } from '../only-audited.ts';
import { joinAudits } from '../report/audit.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { chartsOf } from './charts.ts';
import { type CrowdRun, type CrowdSize, runCrowd } from './crowd-run.ts';
import { type EtaRun, etaShoppersIn, runEta } from './eta/eta-run.ts';
import { type Both, figuresOf, NOTES, rowOf, tablesOf } from './figures.ts';
import { type LineStageOptions, openBareLineStage, openLineStage } from './stage.ts';

const SOCKETS = { whole: 100_000, quick: 10_000 } as const;
/** A process may have 20,000 files open on many machines: some of them are not shoppers. */
const SOCKETS_PER_EDGE = 16_000;
/** What the others hold when one of them is gone. */
const SOCKETS_AFTER_A_CRASH = 18_000;
const LEAST_EDGES = 2;
/** Of the crowd: what each tenth costs shows whether cost grows as the crowd does. */
const CURVE = [0.01, 0.1];
const DOCTORED = { sockets: 500, moves: 1, secondsBetweenMoves: 1 };

/** How large a run is. */
export interface LineSize extends CrowdSize {
  readonly moves: number;
  readonly secondsBetweenMoves: number;
  readonly curve: readonly number[];
  readonly etaShoppers: number;
}

export const line: Scenario = {
  name: 'line',
  about: 'a crowd that waits: sockets, memory, joins, head moves, and how true the ETA is',
  async run(context) {
    context.progress('starting Kafka');
    const kafka = await startBenchKafka(context.folder, context.signal);
    try {
      const { address } = kafka;
      return context.doctored ? await doctor(context, address) : await measureLine(context, address, sizeOf(context));
    } finally {
      await kafka.stop();
    }
  },
};

function sizeOf({ quick, sockets, seconds, rounds }: BenchContext): LineSize {
  const common = { settleMs: 2_000, etaShoppers: etaShoppersIn(seconds) };
  const moves = (least: number): number => Math.max(least, rounds);
  return quick
    ? { ...common, sockets: sockets ?? SOCKETS.quick, moves: moves(2), secondsBetweenMoves: 2, curve: [] }
    : { ...common, sockets: sockets ?? SOCKETS.whole, moves: moves(4), secondsBetweenMoves: 5, curve: CURVE };
}

/** To see that a forgotten place is noticed, a few shoppers are enough. */
async function doctor(context: BenchContext, kafka: string): Promise<Findings> {
  const size = { ...DOCTORED, curve: [], etaShoppers: 0, settleMs: 0 };
  const { audit } = await measureCrowd({ ...context, seconds: 0.1 }, kafka, size, 'ours');
  return onlyAudited(audit, 'Redis forgot where some wait.', { kafka: 'started, idle' });
}

/** All of it, with a Kafka that is there. */
export async function measureLine(context: BenchContext, kafka: string, size: LineSize): Promise<Findings> {
  const eta: EtaRun[] = [];
  for (let round = 1; round <= context.rounds; round += 1) {
    context.progress(`a line that flows, and what it tells of the time, round ${round} of ${context.rounds}`);
    eta.push(await runEta(context, kafka, size.etaShoppers));
  }
  const curve: CrowdRun[] = [];
  for (const share of size.curve) {
    const part = { ...size, sockets: Math.ceil(share * size.sockets) };
    curve.push(await measureCrowd(context, kafka, part, 'ours'));
  }
  const bare = await measureCrowd(context, kafka, size, 'bare');
  const main = { bare, ours: await measureCrowd(context, kafka, size, 'ours') };
  return findingsOf(size, { main, curve: [...curve, main.ours], eta });
}

async function measureCrowd(context: BenchContext, kafka: string, size: LineSize, side: keyof Both): Promise<CrowdRun> {
  const { folder, signal } = context;
  const { sockets, moves, secondsBetweenMoves } = size;
  const edges = edgesFor(sockets);
  const options: LineStageOptions = { folder, edges, moves, secondsBetweenMoves, kafka, signal };
  context.progress(`${side}: starting ${edges} edges`);
  const stage = await (side === 'ours' ? openLineStage(options) : openBareLineStage(options));
  try {
    return await runCrowd(context, stage, size, side);
  } finally {
    await stage.close();
  }
}

function edgesFor(sockets: number): number {
  const afterACrash = Math.ceil(sockets / SOCKETS_AFTER_A_CRASH) + 1;
  return Math.max(LEAST_EDGES, Math.ceil(sockets / SOCKETS_PER_EDGE), afterACrash);
}

interface Measured {
  readonly main: Both;
  readonly curve: readonly CrowdRun[];
  readonly eta: readonly EtaRun[];
}

function findingsOf(size: LineSize, { main, curve, eta }: Measured): Findings {
  const { ours, bare } = main;
  const points = curve.map(rowOf);
  return {
    settings: {
      ...{
        sockets: ours.sockets,
        edges: ours.edges,
        generators: ours.edges,
        secondsBetweenMoves: size.secondsBetweenMoves,
      },
      ...{ etaShoppers: size.etaShoppers, edgeSettings: tellEdgeSettings() },
    },
    ...figuresOf(main, eta, availableParallelism()),
    curves: { sockets: points },
    charts: chartsOf({ ours, bare, curve: points }),
    audit: joinAudits([ours.audit, bare.audit, ...eta.map(({ audit }) => audit), ...curve.map(({ audit }) => audit)]),
    servers: { redis: eta[0]?.redisVersion ?? 'unknown', kafka: 'started, idle' },
    tables: tablesOf(main, points),
    notes: NOTES,
  };
}
