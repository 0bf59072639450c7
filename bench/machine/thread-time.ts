/** What the main thread of a process does with its time, from /proc: says whether one that is not full waits for a core or for its disk. */
import { readFile } from 'node:fs/promises';

export interface ThreadTime {
  /** Computing, the kernel's work for it included. */
  readonly cpuMs: number;
  /** Ready to compute, while others had the cores. */
  readonly waitedForCoreMs: number;
}

const NS_PER_MS = 1_000_000;

/** Undefined where there is no /proc, or the kernel does not count this. */
export async function threadTimeOf(pid: number): Promise<ThreadTime | undefined> {
  try {
    return parseThreadTime(await readFile(`/proc/${pid}/schedstat`, 'utf8'));
  } catch {
    return undefined;
  }
}

export function parseThreadTime(schedstat: string): ThreadTime {
  const [cpuNs, waitedNs] = schedstat.split(' ').map(Number);
  return { cpuMs: (cpuNs ?? 0) / NS_PER_MS, waitedForCoreMs: (waitedNs ?? 0) / NS_PER_MS };
}
