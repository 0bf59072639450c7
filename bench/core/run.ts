/** One measured run on a stage: the load, what it was told, what Redis was doing meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { cpuMsOf } from '../machine/cpu-time.ts';
import { generate } from './generators.ts';
import { addTold, type Driver, type Load, NOTHING_TOLD, type Told } from './load.ts';
import type { Stage } from './stage.ts';

export interface RunSettings {
  readonly driver: Driver;
  readonly generators: number;
  readonly batch: number;
  readonly batchesInFlight: number;
  readonly shoppers: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly mostClaims: number | null;
  readonly doctored: boolean;
}

export interface RunResult {
  readonly told: Told;
  readonly claimsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Cores in use: of the busiest generator, of all generators, of all Redis processes. */
  readonly busiestGenerator: number;
  readonly generators: number;
  readonly redis: number;
  readonly failedCalls: number;
}

const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;

export async function runLoad(stage: Stage, settings: RunSettings, signal: AbortSignal): Promise<RunResult> {
  const { generators: count, ...asked } = settings;
  const regions = stage.regions.map(({ name, redis }) => ({ name, url: redis.url }));
  const load: Load = { ...asked, dropId: stage.dropId, regions };
  let redisCores = Promise.resolve(0);
  const watch = new AbortController();
  try {
    const results = await generate({
      load,
      count,
      signal,
      onGo: () => {
        redisCores = coresOf(stage, load, watch.signal);
      },
    });
    const latencies = results.map(({ histogram }) => decodeFromCompressedBase64(histogram));
    const [all, ...others] = latencies;
    if (all === undefined) throw new Error('No generator, no result.');
    for (const other of others) all.add(other);
    const cores = results.map(({ cpuMs, measuredMs }) => (measuredMs > 0 ? cpuMs / measuredMs : 0));
    // Ended early by the number of claims: nobody waits for what there is no more to watch.
    watch.abort();
    return {
      told: results.reduce<Told>(addTold, NOTHING_TOLD),
      claimsPerSecond: results.reduce(
        (sum, { measured, measuredMs }) => sum + (measuredMs > 0 ? (measured / measuredMs) * MS_PER_SECOND : 0),
        0,
      ),
      p50Ms: all.getValueAtPercentile(50) / US_PER_MS,
      p99Ms: all.getValueAtPercentile(99) / US_PER_MS,
      busiestGenerator: Math.max(...cores),
      generators: cores.reduce((sum, share) => sum + share, 0),
      redis: await redisCores,
      failedCalls: results.reduce((sum, { failedCalls }) => sum + failedCalls, 0),
    };
  } finally {
    watch.abort();
  }
}

/** Cores that the Redis processes of a stage use during the measured time. */
async function coresOf(stage: Stage, load: Load, signal: AbortSignal): Promise<number> {
  const spent = async (): Promise<number> => {
    const each = await Promise.all(stage.regions.map(({ redis }) => cpuMsOf(redis.pid)));
    return each.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  };
  try {
    await delay(load.warmUpMs, undefined, { signal });
    const [before, from] = [await spent(), performance.now()];
    await delay(load.measureMs, undefined, { signal });
    return ((await spent()) - before) / (performance.now() - from);
  } catch {
    return 0;
  }
}
