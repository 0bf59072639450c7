/** CPU time of a process with all that it started: the sessions of a database, the server behind a launcher. */
import { readFile } from 'node:fs/promises';
import { cpuMsWithEnded } from './cpu-time.ts';

/** 0 where there is no /proc. */
export async function cpuMsOfTree(pid: number): Promise<number> {
  const [own, ...others] = await Promise.all([cpuMsWithEnded(pid), ...(await childrenOf(pid)).map(cpuMsOfTree)]);
  return others.reduce((sum, ms) => sum + ms, own);
}

async function childrenOf(pid: number): Promise<number[]> {
  try {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
