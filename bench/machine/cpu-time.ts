/** CPU time of another process, from /proc: user and system time of all its threads. */
import { readFile } from 'node:fs/promises';

/** What Linux counts in for every program, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;
const MS_PER_SECOND = 1_000;
/** Of the process: user, system. Of its children that have ended: user, system. */
const OWN = [11, 12];
const WITH_ENDED = [...OWN, 13, 14];

/** Undefined where there is no /proc. */
export function cpuMsOf(pid: number): Promise<number | undefined> {
  return readCpuMs(pid, OWN);
}

/** With what its children used that have ended; 0 where there is no /proc. */
export async function cpuMsWithEnded(pid: number): Promise<number> {
  return (await readCpuMs(pid, WITH_ENDED)) ?? 0;
}

async function readCpuMs(pid: number, tickFields: readonly number[]): Promise<number | undefined> {
  try {
    return parseCpuMs(await readFile(`/proc/${pid}/stat`, 'utf8'), tickFields);
  } catch {
    return undefined;
  }
}

/** The name of the program, in brackets, may itself hold blanks and brackets: fields count from the last bracket on. */
export function parseCpuMs(stat: string, tickFields: readonly number[] = OWN): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return msOfTicks(tickFields.reduce((sum, at) => sum + Number(fields[at]), 0));
}

export function msOfTicks(ticks: number): number {
  return (ticks * MS_PER_SECOND) / TICKS_PER_SECOND;
}
