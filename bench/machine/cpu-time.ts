/** CPU time of another process, from /proc: user and system time of all its threads. */
import { readFile } from 'node:fs/promises';

/** What Linux counts in for every program, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** Undefined where there is no /proc. */
export async function cpuMsOf(pid: number): Promise<number | undefined> {
  try {
    return parseCpuMs(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The name of the program, in brackets, may itself hold blanks and brackets: fields count from the last bracket on. */
export function parseCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * 1_000) / TICKS_PER_SECOND;
}
