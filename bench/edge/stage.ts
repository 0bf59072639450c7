/** Where one run takes place: a Redis of its own, a drop on sale in it, and an edge in front: ours, or the bare one. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LIMITS } from '../../contracts/limits.ts';
import { BARE_SKU } from '../core/bare-script.ts';
import { publishDrop } from '../core/publish-drop.ts';
import { KEYS, KEYS_PREFIX, makeDrop } from '../core/sale-data.ts';
import { type Crew, startCrew } from '../crew/crew.ts';
import type { Side } from '../in-turn.ts';
import { type EdgeProcess, SECRET, startEdge } from '../machine/edge-process.ts';
import { createEndings } from '../machine/endings.ts';
import { type BenchRedis, startBenchRedis } from '../machine/redis-server.ts';
import type { BareOrder, BareReport } from './bare/notes.ts';
import { EDGE_SETTINGS } from './edge-settings.ts';

export interface EdgeStage {
  readonly dropId: string;
  readonly regions: readonly { readonly name: string; readonly redis: BenchRedis }[];
  readonly port: number;
  readonly edgePid: number;
  readonly secret: string;
  close(): Promise<void>;
}

export interface EdgeStageOptions {
  readonly folder: string;
  readonly kafka: string;
  readonly side: Side;
  readonly units: number;
  readonly perShopperLimit: number;
  /** The bare edge answers SOLD_OUT from memory. */
  readonly soldOut: boolean;
  /** A busy loop so long in the claim path of ours. */
  readonly slowedMs: number;
  readonly signal: AbortSignal;
}

export const REGION = 'region-1';
const SLOW_CLAIMS = pathToFileURL(join(import.meta.dirname, 'slowed', 'main.ts')).href;
const BARE_PROGRAM = join(import.meta.dirname, 'bare', 'main.ts');

export async function openEdgeStage(options: EdgeStageOptions): Promise<EdgeStage> {
  const { folder, side, units, perShopperLimit, signal } = options;
  const endings = createEndings();
  const { close } = endings;
  try {
    const redis = await startBenchRedis({ folder, name: `edge-${side}` });
    endings.push(() => redis.stop());
    const base = makeDrop(Date.now(), [REGION], units);
    const drop = {
      ...base,
      perShopperLimit,
      passSeconds: LIMITS.passSeconds,
      admission: { perSecond: LIMITS.admissionsPerSecond, maxActive: LIMITS.activePasses },
    };
    const at = { dropId: drop.id, regions: [{ name: REGION, redis }], secret: SECRET, close };
    if (side === 'ours') {
      await publishDrop(drop, new Map([[REGION, redis.url]]));
      const edge = await openOurs(redis.url, options);
      endings.push(() => edge.stop());
      return { ...at, port: edge.port, edgePid: edge.pid };
    }
    await redis.admin.hset(KEYS.stock(drop.id, REGION).stock, BARE_SKU, units);
    const bare: Crew<BareOrder, BareReport> = startCrew({ program: BARE_PROGRAM, count: 1, signal });
    endings.push(() => bare.end());
    const how = options.soldOut ? 'memory' : 'sale';
    const listening = bare.reports('listening');
    bare.order(() => ({ t: 'serve', how, redisUrl: redis.url, dropId: drop.id, region: REGION }));
    return { ...at, port: (await listening)[0]?.port ?? 0, edgePid: bare.pids[0] ?? 0 };
  } catch (error) {
    await close();
    throw error;
  }
}

function openOurs(redisUrl: string, { kafka, slowedMs, signal }: EdgeStageOptions): Promise<EdgeProcess> {
  return startEdge({
    redisUrl,
    kafka,
    prefix: KEYS_PREFIX,
    regions: [REGION],
    secret: SECRET,
    env: EDGE_SETTINGS,
    execArgv: slowedMs > 0 ? ['--import', `${SLOW_CLAIMS}?ms=${slowedMs}`] : [],
    signal,
  });
}
