/** What Redis keeps in memory for one claim and for one place in the line, measured over many of them. */
import type { Redis } from 'ioredis';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createLine } from '../../reservation-core/line.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { GENERATORS, runSettings } from './measurements.ts';
import { runLoad, startGenerators } from './run.ts';
import { KEYS, PLENTY } from './sale-data.ts';
import { openStage, type Stage } from './stage.ts';

const CLAIMS = 100_000;
const LONG_ENOUGH_SECONDS = 120;
const JOINS_AT_ONCE = 4_096;

export interface Memory {
  readonly metrics: Figures;
  readonly rows: readonly Figures[];
}

export async function measureMemory(context: BenchContext): Promise<Memory> {
  const stage = await openStage({ folder: context.folder, regions: 1, unitsPerRegion: PLENTY, driver: 'ours' });
  const generators = startGenerators(GENERATORS, context.signal);
  try {
    const [region] = stage.regions;
    if (region === undefined) throw new Error('A stage has a region.');
    const before = await usedMemory(region.redis.admin);
    const settings = runSettings({ ...context, doctored: false }, 'ours', LONG_ENOUGH_SECONDS);
    const { told } = await runLoad(stage, { ...settings, mostClaims: CLAIMS }, generators);
    const all = (await usedMemory(region.redis.admin)) - before;
    const { holds, due, answers, taken, outbox } = KEYS.stock(stage.dropId, region.name);
    const each = async (key: string): Promise<number> => round((await bytesOf(region.redis.admin, key)) / told.won);
    const parts = {
      holds: await each(holds),
      due: await each(due),
      answers: await each(answers),
      taken: await each(taken),
      outbox: await each(outbox),
    };
    const place = await bytesPerPlace(stage, region.redis.admin, region.redis.url);
    return {
      metrics: {
        bytesPerHold: parts.holds + parts.due,
        bytesPerShopper: round(all / told.won),
        bytesPerPlace: round(place),
      },
      rows: [
        ...Object.entries(parts).map(([what, bytes]) => ({ 'for one claim': what, bytes })),
        { 'for one claim': 'all of it (used_memory)', bytes: round(all / told.won) },
        { 'for one claim': 'one place in the line', bytes: round(place) },
      ],
    };
  } finally {
    await generators.end();
    await stage.close();
  }
}

async function bytesPerPlace(stage: Stage, admin: Redis, url: string): Promise<number> {
  const log = createLogger({ name: 'bench', level: 'silent' });
  const regionUrls = new Map(stage.regions.map(({ name, redis }) => [name, redis.url]));
  const shards = await connectShards({ homeUrl: url, regionUrls, name: 'bench', log });
  try {
    const line = createLine({ shards, keys: KEYS, clock: systemClock, edge: 'bench', onFailedCall: () => undefined });
    const nextId = createIdSource(systemClock);
    const region = stage.regions[0]?.name ?? '';
    const before = await usedMemory(admin);
    for (let joined = 0; joined < CLAIMS; joined += JOINS_AT_ONCE) {
      const joins = Array.from({ length: JOINS_AT_ONCE }, () =>
        line.join(stage.dropId, placeRow(nextId(), region), 'socket'),
      );
      await Promise.all(joins);
    }
    const waiting = await admin.zcard(KEYS.line(stage.dropId).waiting);
    return ((await usedMemory(admin)) - before) / waiting;
  } finally {
    await shards.close();
  }
}

function placeRow(shopperId: string, region: string) {
  return { shopperId, region, lane: 'main', entrantId: shopperId, nonce: shopperId, mayJoin: 1 };
}

/** Every entry is counted, not a sample. */
async function bytesOf(redis: Redis, key: string): Promise<number> {
  return (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0;
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(?<bytes>\d+)/m.exec(await redis.info('memory'))?.groups?.['bytes'] ?? 0);
}
