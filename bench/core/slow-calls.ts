/** Which calls of a script held up everybody else: from the slow log and the latency histogram of Redis. */
import type { Redis } from 'ioredis';

export interface SlowCalls {
  /** Calls beyond `slowMs`. */
  readonly slow: number;
  /** The longest call that was kept, in ms of the clock: on a busy machine it includes waiting for a core. */
  readonly longestMs: number;
  /** Mean of all script calls. */
  readonly meanMs: number;
}

export const SLOW_MS = 5;
const US_PER_MS = 1_000;
const ENTRIES = 1_024;

export async function slowCallsOf(redis: Redis, keptUs: number): Promise<SlowCalls> {
  const entries: unknown = await redis.slowlog('GET', ENTRIES);
  const stats = parseCommandStats(await redis.info('commandstats'));
  return { ...readSlowLog(entries, keptUs), meanMs: stats };
}

/** An entry: id, time, microseconds, the command's words, … */
export function readSlowLog(entries: unknown, keptUs: number): Pick<SlowCalls, 'slow' | 'longestMs'> {
  const took = (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) => {
    if (!Array.isArray(entry) || !Array.isArray(entry[3])) return [];
    const command = String(entry[3][0]).toLowerCase();
    return command === 'evalsha' || command === 'eval' ? [Number(entry[2])] : [];
  });
  // None was kept: the longest is somewhere below what is kept.
  const longestUs = took.length > 0 ? Math.max(...took) : keptUs;
  return { slow: took.filter((us) => us > SLOW_MS * US_PER_MS).length, longestMs: longestUs / US_PER_MS };
}

export function parseCommandStats(info: string): number {
  const found = /cmdstat_evalsha:calls=(?<calls>\d+),usec=(?<usec>\d+)/.exec(info)?.groups;
  return found === undefined ? 0 : Number(found['usec']) / Number(found['calls']) / US_PER_MS;
}
