/** Where one run takes place: Redis processes of its own, one for each region, and a drop on sale in them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../platform/logging/logger.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { type BenchRedis, startBenchRedis } from '../machine/redis-server.ts';
import { BARE_SKU } from './bare-script.ts';
import type { Driver } from './load.ts';
import { KEYS, makeDrop } from './sale-data.ts';

export interface Stage {
  readonly dropId: string;
  readonly regions: readonly StageRegion[];
  close(): Promise<void>;
}

export interface StageRegion {
  readonly name: string;
  readonly redis: BenchRedis;
}

export interface StageOptions {
  readonly folder: string;
  readonly regions: number;
  readonly unitsPerRegion: number;
  readonly driver: Driver;
}

/** Calls that take longer than this are kept by name; what counts as slow is decided when they are read. */
export const KEPT_CALL_US = 1_000;

export async function openStage({ folder, regions: count, unitsPerRegion, driver }: StageOptions): Promise<Stage> {
  const home = await mkdtemp(join(folder, 'stage-'));
  const regions: StageRegion[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(regions.map(({ redis }) => redis.stop()));
    await rm(home, { recursive: true, force: true });
  };
  try {
    for (let at = 1; at <= count; at += 1) {
      const name = `region-${at}`;
      regions.push({ name, redis: await startBenchRedis({ folder: home, name, slowerThanUs: KEPT_CALL_US }) });
    }
    const drop = makeDrop(
      Date.now(),
      regions.map(({ name }) => name),
      unitsPerRegion,
    );
    if (driver === 'ours') await publish(drop, regions);
    else
      await Promise.all(
        regions.map(({ name, redis }) => redis.admin.hset(KEYS.stock(drop.id, name).stock, BARE_SKU, unitsPerRegion)),
      );
    return { dropId: drop.id, regions, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function publish(drop: ReturnType<typeof makeDrop>, regions: readonly StageRegion[]): Promise<void> {
  const shards = await connectShards({
    homeUrl: regions[0]?.redis.url ?? '',
    regionUrls: new Map(regions.map(({ name, redis }) => [name, redis.url])),
    name: 'bench',
    log: createLogger({ name: 'bench', level: 'silent' }),
  });
  try {
    await createDrops({ shards, keys: KEYS }).publish(drop);
  } finally {
    await shards.close();
  }
}
