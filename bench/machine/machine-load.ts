/** CPU time that everything on this machine has spent, from /proc/stat: says whether a run had the machine to itself. */
import { readFile } from 'node:fs/promises';
import { msOfTicks } from './cpu-time.ts';

/** user nice system idle iowait irq softirq steal: all but idle and iowait is time that nobody else could have. */
const NOT_BUSY = new Set([3, 4]);
const COUNTED = 8;

/** 0 where there is no /proc. */
export async function machineCpuMs(): Promise<number> {
  try {
    return parseMachineCpuMs(await readFile('/proc/stat', 'utf8'));
  } catch {
    return 0;
  }
}

export function parseMachineCpuMs(stat: string): number {
  const fields = /^cpu +(?<ticks>.+)$/m.exec(stat)?.groups?.['ticks']?.split(' ') ?? [];
  const busy = fields.slice(0, COUNTED).filter((_, at) => !NOT_BUSY.has(at));
  return msOfTicks(busy.reduce((sum, ticks) => sum + Number(ticks), 0));
}
