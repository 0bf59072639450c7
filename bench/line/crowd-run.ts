/**
 * One run of a crowd that waits: everybody joins, nothing happens for a while, then many are cut
 * off at once and come back, an edge dies under its sockets, and the head moves in steps.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Crew, startCrew } from '../crew/crew.ts';
import { type CpuUse, coresOf, cpuDuring, type Pids } from '../machine/cpu-use.ts';
import type { Happened } from '../machine/rate-line.ts';
import { residentBytesOf } from '../machine/resident-memory.ts';
import type { Audit } from '../report/audit.ts';
import type { BenchContext } from '../scenario.ts';
import { auditLine } from './audit.ts';
import type { CrowdOrder, CrowdReport } from './generator/notes.ts';
import { type HeadMoves, measureMoves } from './head-moves.ts';
import { type Returns, runCrash, runStorm } from './returns.ts';
import type { LineStage } from './stage.ts';

export interface CrowdRun {
  readonly sockets: number;
  readonly edges: number;
  readonly joinsPerSecond: number;
  /** Milliseconds since they began to join. */
  readonly joinsByTime: readonly Happened[];
  /** Of edges, generators and Redis, while they joined, and while the line moved. */
  readonly joinCpu: CpuUse;
  readonly moveCpu: CpuUse;
  readonly joinRetries: number;
  readonly bytesPerSocket: number;
  /** Cores that all edges use while nothing happens. */
  readonly idleCores: number;
  /** Those who were cut off together. */
  readonly storm: Returns;
  /** Those whose edge died; undefined for the bare one, which nobody can come back from. */
  readonly crash: Returns | undefined;
  readonly headMoves: HeadMoves;
  readonly audit: Audit;
}

export interface CrowdSize {
  readonly sockets: number;
  /** From the last join until it is measured what waiting costs. */
  readonly settleMs: number;
}

const PROGRAM = join(import.meta.dirname, 'generator', 'main.ts');
/** A fifth of 100,000, and of smaller crowds as well. */
const STORM_SHARE = 0.2;
const MS_PER_SECOND = 1_000;

export async function runCrowd(
  context: BenchContext,
  stage: LineStage,
  { sockets, settleMs }: CrowdSize,
  what: string,
): Promise<CrowdRun> {
  const { signal, seconds } = context;
  const edges = stage.edges.length;
  const crew: Crew<CrowdOrder, CrowdReport> = startCrew({ program: PROGRAM, count: edges, signal });
  const progress = (doing: string): void => context.progress(`${what}: ${doing}`);
  try {
    progress(`${sockets} shoppers come`);
    const prepared = crew.reports('prepared');
    crew.order((generator) => ({
      t: 'prepare',
      crowd: {
        ...stage.crowd,
        port: stage.edges[generator]?.port ?? 0,
        generator,
        sockets: shareOf(sockets, edges, generator),
      },
    }));
    await prepared;
    const emptyBytes = await memoryOf(stage);
    progress(`${sockets} shoppers join`);
    const pids = pidsOf(stage, crew);
    const [fromMs, fromEpochMs] = [performance.now(), Date.now()];
    const { result: entered, cpu: joinCpu } = await cpuDuring(pids, () => {
      const reports = crew.reports('entered');
      crew.order(() => ({ t: 'enter' }));
      return reports;
    });
    const joinSeconds = (performance.now() - fromMs) / MS_PER_SECOND;
    const places = entered.flatMap((report) => [...report.places]);
    const joinsByTime = entered.flatMap(({ atMs }) => atMs.map((at) => ({ atMs: at - fromEpochMs, count: 1 })));
    progress('nothing happens');
    await delay(settleMs, undefined, { signal });
    const idle = await cpuDuring(pids, () => delay(seconds * MS_PER_SECOND, undefined, { signal }));
    const idleCores = coresOf(idle.cpu, 'edge');
    const bytesPerSocket = ((await memoryOf(stage)) - emptyBytes) / sockets;
    const ports = stage.edges.map(({ port }) => port);
    if (context.doctored) await stage.tamper?.();
    progress('many are cut off and come back');
    const cut = Math.ceil(STORM_SHARE * sockets);
    const storm = await runStorm(
      crew,
      stage.edges.map((_, at) => shareOf(cut, edges, at)),
      ports,
    );
    progress('an edge dies');
    const crash = await crashOne(crew, stage);
    progress('the line moves');
    const { result: moved, cpu: moveCpu } = await cpuDuring(pids, () => stage.moveHeads(signal));
    const told = crew.reports('told');
    crew.order(() => ({ t: 'tell' }));
    const reports = await told;
    const called = reports.flatMap((report) => [...report.called]);
    const moves = moved ?? movesOf(called);
    const heads = reports.map((report) => report.heads);
    const headMoves = measureMoves(moves, heads, (head) => places.filter((place) => place > head).length);
    const audit = auditLine({
      sockets,
      places,
      called,
      refused: addUp(reports.map(({ refused }) => refused)),
      socketsLost: reports.reduce((sum, { socketsLost }) => sum + socketsLost, 0),
      missed: headMoves.missed,
      moves: headMoves.moves,
      perSecond: stage.perSecond,
      returns: stage.keepsPlaces ? [storm, ...(crash === undefined ? [] : [crash])] : [],
    });
    const joinsPerSecond = sockets / joinSeconds;
    const joinRetries = reports.reduce((sum, report) => sum + report.joinRetries, 0);
    return {
      ...{ sockets, edges, joinsPerSecond, joinsByTime, joinCpu, moveCpu, joinRetries, bytesPerSocket, idleCores },
      ...{ storm, crash, headMoves, audit },
    };
  } finally {
    await crew.end();
  }
}

/** The last one, since it may be any. */
async function crashOne(crew: Crew<CrowdOrder, CrowdReport>, stage: LineStage): Promise<Returns | undefined> {
  const { port, kill } = stage.edges.at(-1) ?? {};
  if (port === undefined || kill === undefined) return undefined;
  const others = stage.edges.slice(0, -1).map((edge) => edge.port);
  return runCrash(crew, { port, kill }, others);
}

function shareOf(sockets: number, edges: number, at: number): number {
  return Math.floor(((at + 1) * sockets) / edges) - Math.floor((at * sockets) / edges);
}

async function memoryOf(stage: LineStage): Promise<number> {
  const each = await Promise.all(stage.edges.map(({ pid }) => residentBytesOf(pid)));
  return each.reduce((sum, bytes) => sum + bytes, 0);
}

function pidsOf({ edges, redisPid }: LineStage, crew: Crew<CrowdOrder, CrowdReport>): Pids {
  return {
    edge: edges.map(({ pid }) => pid),
    generator: crew.pids,
    ...(redisPid === undefined ? {} : { redis: redisPid }),
  };
}

/** A move is all that was called in one moment; the head is the last place of it. */
function movesOf(called: readonly { readonly place: number; readonly atMs: number }[]) {
  const heads = new Map<number, number>();
  for (const { place, atMs } of called) heads.set(atMs, Math.max(place, heads.get(atMs) ?? 0));
  return [...heads].map(([atMs, head]) => ({ head, atMs }));
}

function addUp(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [name, count] of counts.flatMap(Object.entries)) all[name] = (all[name] ?? 0) + Number(count);
  return all;
}
