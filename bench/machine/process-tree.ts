/** CPU time of a process with all that it started: the sessions of a database, the server behind a launcher. */
import { readFile } from 'node:fs/promises';

/** What Linux counts in for every program, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;
/** Of the process, and of its children that have ended: user, system, user, system. */
const TICK_FIELDS = [11, 12, 13, 14];

/** 0 where there is no /proc. */
export async function cpuMsOfTree(pid: number): Promise<number> {
  const [own, ...others] = await Promise.all([cpuMsWithEnded(pid), ...(await childrenOf(pid)).map(cpuMsOfTree)]);
  return others.reduce((sum, ms) => sum + ms, own);
}

async function cpuMsWithEnded(pid: number): Promise<number> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may itself hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = TICK_FIELDS.reduce((sum, at) => sum + Number(fields[at]), 0);
    return (ticks * 1_000) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  try {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
