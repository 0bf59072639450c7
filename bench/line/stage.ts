/** Where a crowd waits: several edge processes before one Redis, or as many bare servers before none. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DropDefinition } from '../../contracts/drop.ts';
import { publishDrop } from '../core/publish-drop.ts';
import { KEYS, KEYS_PREFIX, makeDrop } from '../core/sale-data.ts';
import { type Crew, startCrew } from '../crew/crew.ts';
import { EDGE_SETTINGS } from '../edge/edge-settings.ts';
import { REGION } from '../edge/stage.ts';
import { SECRET, startEdge } from '../machine/edge-process.ts';
import { createEndings, type Endings } from '../machine/endings.ts';
import { startBenchRedis } from '../machine/redis-server.ts';
import type { BareLineOrder, BareLineReport } from './bare/notes.ts';
import type { WaitingCrowd } from './generator/notes.ts';
import type { Move } from './head-moves.ts';

export interface StageEdge {
  readonly port: number;
  readonly pid: number;
  /** As if the power went; undefined where there is nobody else to go to who knows their place. */
  readonly kill?: () => Promise<void>;
}

export interface LineStage {
  readonly edges: readonly StageEdge[];
  readonly crowd: Omit<WaitingCrowd, 'port' | 'generator' | 'sockets'>;
  /** The cap of admissions. */
  readonly perSecond: number;
  /** Whether who comes back gets the place that they had: the bare servers know nobody again. */
  readonly keepsPlaces: boolean;
  /** Undefined where there is none. */
  readonly redisPid: number | undefined;
  readonly redisVersion: string;
  /** Moves the head some times; what moves where the stage knows it, undefined where the shoppers have to tell. */
  moveHeads(signal: AbortSignal): Promise<readonly Move[] | undefined>;
  /** Forgets where some wait, as if Redis had lost it: the audit has to notice. Undefined where nobody knows their place. */
  readonly tamper?: () => Promise<void>;
  close(): Promise<void>;
}

export interface LineStageOptions {
  readonly folder: string;
  readonly edges: number;
  readonly moves: number;
  /** From one move to the next: longer than it takes to tell everybody. */
  readonly secondsBetweenMoves: number;
  readonly kafka: string;
  readonly signal: AbortSignal;
  /** What is different about the drop, given the time at which all edges are there. */
  readonly drop?: (nowMs: number) => Partial<DropDefinition>;
}

/** This many are called together, and their passes end together: that is when the next ones are called. */
const CALLED_TOGETHER = 100;
const MS_PER_SECOND = 1_000;
const HOUR_MS = 3_600_000;
/** From the change of the start until every edge has read it, and a little. */
const START_IN_MS = 2_000;
const UNITS = 1_000_000;
const FORGOTTEN = 10;
/** So far apart that no two of them give the same one, and all behind every head that is told. */
const PLACES_OF_A_BARE_SERVER = 10_000_000;
const BARE_PROGRAM = join(import.meta.dirname, 'bare', 'main.ts');

export async function openLineStage(options: LineStageOptions): Promise<LineStage> {
  const { folder, edges: count, moves, secondsBetweenMoves, kafka, signal } = options;
  const endings = createEndings();
  const { close } = endings;
  try {
    const redis = await startBenchRedis({ folder, name: 'line' });
    endings.push(() => redis.stop());
    const edges = await startEdges(count, { redisUrl: redis.url, kafka, signal }, endings);
    const nowMs = Date.now();
    const drop: DropDefinition = {
      ...makeDrop(nowMs, [REGION], UNITS),
      startsAt: nowMs + HOUR_MS,
      endsAt: nowMs + 2 * HOUR_MS,
      passSeconds: secondsBetweenMoves,
      admission: { perSecond: CALLED_TOGETHER, maxActive: CALLED_TOGETHER },
      ...options.drop?.(nowMs),
    };
    const regionUrls = new Map([[REGION, redis.url]]);
    await publishDrop(drop, regionUrls);
    return {
      edges,
      crowd: { dropId: drop.id, region: REGION, secret: SECRET, passMs: drop.passSeconds * MS_PER_SECOND },
      perSecond: drop.admission.perSecond,
      keepsPlaces: true,
      redisPid: redis.pid,
      redisVersion: redis.version,
      async tamper() {
        const { waiting, places } = KEYS.line(drop.id);
        const some = await redis.admin.zrange(waiting, '0', String(FORGOTTEN - 1));
        await redis.admin.hdel(places, ...some);
        await redis.admin.zrem(waiting, ...some);
      },
      async moveHeads(stopped) {
        const startsAt = Date.now() + START_IN_MS;
        await publishDrop({ ...drop, revision: drop.revision + 1, startsAt }, regionUrls);
        await delay(START_IN_MS + moves * drop.passSeconds * MS_PER_SECOND, undefined, { signal: stopped });
        return undefined;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startEdges(
  count: number,
  at: { redisUrl: string; kafka: string; signal: AbortSignal },
  endings: Endings,
): Promise<StageEdge[]> {
  const edges: StageEdge[] = [];
  // One after the other: two that look for a free port at the same moment may find the same one.
  for (let started = 0; started < count; started += 1) {
    const common = { prefix: KEYS_PREFIX, regions: [REGION], secret: SECRET, env: EDGE_SETTINGS };
    const edge = await startEdge({ ...at, ...common });
    endings.push(() => edge.stop());
    edges.push({ port: edge.port, pid: edge.pid, kill: edge.stop });
  }
  return edges;
}

/** It needs neither a folder nor servers. */
export async function openBareLineStage(options: Omit<LineStageOptions, 'folder' | 'kafka'>): Promise<LineStage> {
  const { edges: count, moves, secondsBetweenMoves, signal } = options;
  const drop = makeDrop(Date.now(), [REGION], UNITS);
  const bare: Crew<BareLineOrder, BareLineReport> = startCrew({ program: BARE_PROGRAM, count, signal });
  try {
    const listening = bare.reports('listening');
    bare.order((at) => ({ t: 'serve', firstPlace: (at + 1) * PLACES_OF_A_BARE_SERVER }));
    const edges = (await listening).map(({ port }, at) => ({ port, pid: bare.pids[at] ?? 0 }));
    return {
      edges,
      crowd: { dropId: drop.id, region: REGION, secret: SECRET, passMs: secondsBetweenMoves * MS_PER_SECOND },
      perSecond: CALLED_TOGETHER,
      keepsPlaces: false,
      redisPid: undefined,
      redisVersion: 'none',
      async moveHeads(stopped) {
        const moved: Move[] = [];
        for (let at = 1; at <= moves; at += 1) {
          const head = at * CALLED_TOGETHER;
          moved.push({ head, atMs: Date.now() });
          bare.order(() => ({ t: 'move', head }));
          await delay(secondsBetweenMoves * MS_PER_SECOND, undefined, { signal: stopped });
        }
        return moved;
      },
      close: () => bare.end(),
    };
  } catch (error) {
    await bare.end();
    throw error;
  }
}
