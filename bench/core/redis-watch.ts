/** What the Redis processes of a stage do while it is measured: from the outside, so that watching costs them nothing. */
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMsOf } from '../machine/cpu-time.ts';
import { threadTimeOf } from '../machine/thread-time.ts';

export interface RedisUse {
  /** Cores in use by all of them. */
  readonly cores: number;
  /** Share of the time of one of them in which it could compute and had no core, as a mean. */
  readonly waitsForCore: number;
  /** The same for neither computing nor waiting for a core. With a queue that is never empty it is waiting for its disk. */
  readonly waitsForDisk: number;
}

const NOT_WATCHED: RedisUse = { cores: 0, waitsForCore: 0, waitsForDisk: 0 };

/** Resolves after both times; what is aborted meanwhile was not watched. */
export async function watchRedis(
  pids: readonly number[],
  { warmUpMs, measureMs }: { readonly warmUpMs: number; readonly measureMs: number },
  signal: AbortSignal,
): Promise<RedisUse> {
  try {
    await delay(warmUpMs, undefined, { signal });
    const from = await noteOf(pids);
    await delay(measureMs, undefined, { signal });
    return useBetween(from, await noteOf(pids), pids.length);
  } catch {
    return NOT_WATCHED;
  }
}

export interface RedisNote {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly threadMs: number;
  readonly waitedMs: number;
}

export async function noteOf(pids: readonly number[]): Promise<RedisNote> {
  const each = await Promise.all(
    pids.map(async (pid) => ({ cpuMs: (await cpuMsOf(pid)) ?? 0, thread: await threadTimeOf(pid) })),
  );
  const sum = (of: (one: (typeof each)[number]) => number): number => each.reduce((total, one) => total + of(one), 0);
  return {
    atMs: performance.now(),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    threadMs: sum(({ thread, cpuMs }) => thread?.cpuMs ?? cpuMs),
    waitedMs: sum(({ thread }) => thread?.waitedForCoreMs ?? 0),
  };
}

export function useBetween(from: RedisNote, to: RedisNote, processes: number): RedisUse {
  const tookMs = to.atMs - from.atMs;
  const computes = (to.threadMs - from.threadMs) / tookMs / processes;
  const waitsForCore = (to.waitedMs - from.waitedMs) / tookMs / processes;
  return {
    cores: (to.cpuMs - from.cpuMs) / tookMs,
    waitsForCore,
    waitsForDisk: Math.max(0, 1 - computes - waitsForCore),
  };
}
