/** One measured run: a fresh stage, admitted shoppers, their claims, the audit. */
import { join } from 'node:path';
import type { Histogram } from 'hdr-histogram-js';
import { LIMITS } from '../../contracts/limits.ts';
import { findSale } from '../core/find-sale.ts';
import { addTold, NOTHING_TOLD, type Told } from '../core/load.ts';
import { noteOf, useBetween } from '../core/redis-watch.ts';
import { PLENTY } from '../core/sale-data.ts';
import { type Crew, startCrew } from '../crew/crew.ts';
import { decodeHistograms } from '../crew/histograms.ts';
import { addTimelines, type Slice } from '../crew/timeline.ts';
import type { Side } from '../in-turn.ts';
import { type CpuUse, cpuBetween, noteCpu } from '../machine/cpu-use.ts';
import type { Audit } from '../report/audit.ts';
import type { BenchContext } from '../scenario.ts';
import { auditDecisions } from './audit.ts';
import type { ClaimLoad, ClaimOrder, ClaimReport, ClaimResult } from './generator/notes.ts';
import { type EdgeStage, openEdgeStage, REGION } from './stage.ts';
import { tamper } from './tamper.ts';

export interface EdgeRunSettings {
  readonly side: Side;
  readonly kafka: string;
  readonly seconds: number;
  readonly sockets: number;
  /** Over all generators; without it every shopper claims in turn. */
  readonly perSecond?: number;
  /** So few units that they are gone before it is measured. */
  readonly soldOut?: boolean;
}

export interface EdgeRun {
  readonly side: Side;
  readonly decisionsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  /** In microseconds. */
  readonly latencies: Histogram;
  /** Claims answered in a second, by slice; the warm-up is in it. */
  readonly timeline: readonly Slice[];
  /** Of `edge`, `redis` and `generator` while it was measured. */
  readonly cpu: CpuUse;
  /** Share of the time in which the edge, or Redis, could compute and had no core. */
  readonly edgeWaitsForCore: number;
  readonly redisWaitsForCore: number;
  readonly askedAgain: number;
  readonly mostWaiting: number;
  readonly audit: Audit;
  readonly redisVersion: string;
}

export const GENERATORS = 2;
const PROGRAM = join(import.meta.dirname, 'generator', 'main.ts');
/** More than anybody wins before a new shopper takes the turn. */
const MANY = { perShopperLimit: LIMITS.unitsPerShopper, winsEach: LIMITS.unitsPerShopper - 1 };
/**
 * So few that they are gone at once, and so many that all shoppers are called: a line calls no more than what is left can
 * serve, each taking half of what they may have. Nobody wins as much as they may before the stock is gone.
 */
const FEW = { unitsPerSocket: 12, perShopperLimit: 20, winsEach: Number.MAX_SAFE_INTEGER };
export const WARM_UP_MS = 1_000;
/** Half of it is the ramp. */
const OPEN_LOOP_WARM_UP_MS = 4_000;
const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;

export async function runEdge(context: BenchContext, settings: EdgeRunSettings): Promise<EdgeRun> {
  const { side, kafka, soldOut = false } = settings;
  const { folder, signal } = context;
  const { slowedMs = 0 } = context;
  signal.throwIfAborted();
  const units = soldOut ? FEW.unitsPerSocket * settings.sockets : PLENTY;
  const { perShopperLimit } = soldOut ? FEW : MANY;
  const stage = await openEdgeStage({ folder, kafka, side, units, perShopperLimit, soldOut, slowedMs, signal });
  const crew: Generators = startCrew({ program: PROGRAM, count: GENERATORS, signal });
  const broken = context.doctored && side === 'ours' ? tamper(stage) : undefined;
  try {
    const { results, watched } = await load(stage, crew, settings);
    await broken?.stop();
    const told = results.reduce<Told>(addTold, NOTHING_TOLD);
    // The bare edge that answers from memory sells nothing: there is nothing to hold it against.
    const found = side === 'bare' && soldOut ? undefined : await findSale(stage, side, units);
    const audit = auditDecisions({ told, results, found });
    const redisVersion = stage.regions[0]?.redis.version ?? 'unknown';
    return { side, ...figuresOf(results), ...watched, audit, redisVersion };
  } finally {
    await broken?.stop();
    await crew.end();
    await stage.close();
  }
}

type Watched = Pick<EdgeRun, 'cpu' | 'edgeWaitsForCore' | 'redisWaitsForCore'>;
type Generators = Crew<ClaimOrder, ClaimReport>;

interface Loaded {
  readonly results: readonly ClaimResult[];
  readonly watched: Watched;
}

async function load(stage: EdgeStage, crew: Generators, settings: EdgeRunSettings): Promise<Loaded> {
  const { seconds, sockets, perSecond, soldOut = false } = settings;
  const { port, dropId, secret } = stage;
  const each = Math.ceil(sockets / GENERATORS);
  const entered = crew.reports('entered');
  crew.order((generator) => ({
    t: 'enter',
    crowd: {
      port,
      dropId,
      region: REGION,
      secret,
      generator,
      sockets: each,
      winsEach: soldOut ? FEW.winsEach : MANY.winsEach,
    },
  }));
  await entered;
  const asked: ClaimLoad = {
    warmUpMs: Math.min(perSecond === undefined ? WARM_UP_MS : OPEN_LOOP_WARM_UP_MS, seconds * MS_PER_SECOND),
    measureMs: seconds * MS_PER_SECOND,
    perSecond: perSecond === undefined ? null : perSecond / GENERATORS,
    untilSoldOut: soldOut,
  };
  const [done, watching] = [crew.reports('done'), watch(stage, crew)];
  crew.order(() => ({ t: 'claim', load: asked }));
  const [reports, watched] = await Promise.all([done, watching]);
  return { results: reports.map(({ result }) => result), watched };
}

/** Between what the generators tell: where the stock has to be gone first, nobody else knows when it is measured. */
async function watch(stage: EdgeStage, crew: Generators): Promise<Watched> {
  const redisPids = stage.regions.map(({ redis }) => redis.pid);
  const note = async () => ({
    cpu: await noteCpu({ generator: crew.pids, edge: stage.edgePid, redis: redisPids }),
    edge: await noteOf([stage.edgePid]),
    redis: await noteOf(redisPids),
  });
  const [measuring, measured] = [crew.reports('measuring'), crew.reports('measured')];
  measured.catch(() => undefined);
  await measuring;
  const from = await note();
  await measured;
  const to = await note();
  return {
    cpu: cpuBetween(from.cpu, to.cpu),
    edgeWaitsForCore: useBetween(from.edge, to.edge, 1).waitsForCore,
    redisWaitsForCore: useBetween(from.redis, to.redis, redisPids.length).waitsForCore,
  };
}

type Answered =
  | 'decisionsPerSecond'
  | 'p50Ms'
  | 'p99Ms'
  | 'p999Ms'
  | 'maxMs'
  | 'latencies'
  | 'timeline'
  | 'askedAgain'
  | 'mostWaiting';

function figuresOf(results: readonly ClaimResult[]): Pick<EdgeRun, Answered> {
  const latencies = decodeHistograms(results.map(({ histogram }) => histogram));
  const at = (percentile: number): number => latencies.getValueAtPercentile(percentile) / US_PER_MS;
  return {
    decisionsPerSecond: results.reduce(
      (sum, { measured, measuredMs }) => sum + (measured / measuredMs) * MS_PER_SECOND,
      0,
    ),
    p50Ms: at(50),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: latencies.maxValue / US_PER_MS,
    latencies,
    timeline: addTimelines(results.map(({ timeline }) => timeline)),
    askedAgain: results.reduce((sum, { failedCalls }) => sum + failedCalls, 0),
    mostWaiting: Math.max(...results.map(({ mostWaiting }) => mostWaiting)),
  };
}
