/** One measured run on a stage: the load, what it was told, what Redis was doing meanwhile. */
import { join } from 'node:path';
import type { Histogram } from 'hdr-histogram-js';
import { type Crew, startCrew } from '../crew/crew.ts';
import { decodeHistograms } from '../crew/histograms.ts';
import { addTimelines, type Slice } from '../crew/timeline.ts';
import { addTold, type CoreOrder, type CoreReport, type Load, NOTHING_TOLD, type Told } from './load.ts';
import { type RedisUse, watchRedis } from './redis-watch.ts';
import type { Stage } from './stage.ts';

export type Generators = Crew<CoreOrder, CoreReport>;
/** What all generators together are to do, `mostClaims`, `perSecond` and `shoppers` as well. */
export type RunSettings = Omit<Load, 'dropId' | 'regions'>;

export interface RunResult {
  readonly told: Told;
  readonly claimsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** In microseconds. */
  readonly latencies: Histogram;
  /** Claims answered in a second, by slice; the warm-up is in it. */
  readonly timeline: readonly Slice[];
  /** Cores in use: of the busiest generator, of all generators, of all Redis processes. */
  readonly busiestGenerator: number;
  readonly generators: number;
  readonly redis: number;
  readonly redisUse: RedisUse;
  /** Calls of the script under way in all generators, as a mean. */
  readonly callsUnderWay: number;
  readonly failedCalls: number;
}

const PROGRAM = join(import.meta.dirname, 'generator', 'main.ts');
const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;

export function startGenerators(count: number, signal: AbortSignal): Generators {
  return startCrew({ program: PROGRAM, count, signal });
}

export async function runLoad(stage: Stage, settings: RunSettings, generators: Generators): Promise<RunResult> {
  const load = shareOf(stage, settings, generators.pids.length);
  const watch = new AbortController();
  try {
    const ready = generators.reports('ready');
    generators.order(() => ({ t: 'load', load }));
    await ready;
    const done = generators.reports('done');
    generators.order(() => ({ t: 'go' }));
    const watching = watchRedis(stage.redisPids, load, watch.signal);
    const results = (await done).map(({ result }) => result);
    // Ended early by the number of claims: nobody waits for what there is no more to watch.
    watch.abort();
    const redisUse = await watching;
    const latencies = decodeHistograms(results.map(({ histogram }) => histogram));
    const cores = results.map(({ cpuMs, measuredMs }) => (measuredMs > 0 ? cpuMs / measuredMs : 0));
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    return {
      told: results.reduce<Told>(addTold, NOTHING_TOLD),
      claimsPerSecond: sum(
        results.map(({ measured, measuredMs }) => (measuredMs > 0 ? (measured / measuredMs) * MS_PER_SECOND : 0)),
      ),
      p50Ms: latencies.getValueAtPercentile(50) / US_PER_MS,
      p99Ms: latencies.getValueAtPercentile(99) / US_PER_MS,
      latencies,
      timeline: addTimelines(results.map(({ timeline }) => timeline)),
      busiestGenerator: Math.max(...cores),
      generators: sum(cores),
      redis: redisUse.cores,
      redisUse,
      callsUnderWay: sum(results.map(({ callsUnderWay }) => callsUnderWay)),
      failedCalls: sum(results.map(({ failedCalls }) => failedCalls)),
    };
  } finally {
    watch.abort();
  }
}

/** What each generator has to do of it. */
function shareOf(stage: Stage, settings: RunSettings, generators: number): Load {
  const { mostClaims, perSecond, shoppers } = settings;
  return {
    ...settings,
    mostClaims: mostClaims === null ? null : Math.ceil(mostClaims / generators),
    perSecond: perSecond === null ? null : perSecond / generators,
    shoppers: Math.ceil(shoppers / generators),
    dropId: stage.dropId,
    regions: stage.regions.map(({ name, redis }) => ({ name, url: redis.url })),
  };
}
