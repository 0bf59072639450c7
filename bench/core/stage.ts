/** Where one run takes place: Redis processes of its own, and a drop on sale in them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchRedis, startBenchRedis } from '../machine/redis-server.ts';
import { BARE_SKU } from './bare-script.ts';
import type { Driver } from './load.ts';
import { publishDrop } from './publish-drop.ts';
import { KEYS, makeDrop } from './sale-data.ts';

export interface Stage {
  readonly dropId: string;
  readonly regions: readonly StageRegion[];
  readonly redisPids: readonly number[];
  close(): Promise<void>;
}

export interface StageRegion {
  readonly name: string;
  readonly redis: BenchRedis;
}

export interface StageOptions {
  readonly folder: string;
  readonly regions: number;
  /** The regions are divided over so many; each has one of its own unless given. */
  readonly redisProcesses?: number;
  readonly unitsPerRegion: number;
  readonly driver: Driver;
}

/** Calls that take longer than this are kept by name; what counts as slow is decided when they are read. */
export const KEPT_CALL_US = 1_000;

export async function openStage(options: StageOptions): Promise<Stage> {
  const { folder, regions: count, redisProcesses = count, unitsPerRegion, driver } = options;
  const home = await mkdtemp(join(folder, 'stage-'));
  const started: BenchRedis[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((redis) => redis.stop()));
    await rm(home, { recursive: true, force: true });
  };
  try {
    for (let at = 1; at <= redisProcesses; at += 1) {
      started.push(await startBenchRedis({ folder: home, name: `redis-${at}`, slowerThanUs: KEPT_CALL_US }));
    }
    const regions = Array.from({ length: count }, (_, at): StageRegion => {
      const redis = started[at % started.length];
      if (redis === undefined) throw new Error('A stage has a Redis.');
      return { name: `region-${at + 1}`, redis };
    });
    const drop = makeDrop(
      Date.now(),
      regions.map(({ name }) => name),
      unitsPerRegion,
    );
    if (driver === 'ours') await publishDrop(drop, new Map(regions.map(({ name, redis }) => [name, redis.url])));
    else
      await Promise.all(
        regions.map(({ name, redis }) => redis.admin.hset(KEYS.stock(drop.id, name).stock, BARE_SKU, unitsPerRegion)),
      );
    return { dropId: drop.id, regions, redisPids: started.map(({ pid }) => pid), close };
  } catch (error) {
    await close();
    throw error;
  }
}
