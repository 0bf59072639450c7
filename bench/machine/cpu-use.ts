/** CPU time of the processes of a run, by what they are, between two moments; and what held the run back by it. */
import { machineCpuMs } from './machine-load.ts';
import { cpuMsOfTree } from './process-tree.ts';

/** By name, each with all that it started: one process, or several that do the same. */
export type Pids = Readonly<Record<string, number | readonly number[]>>;

export interface CpuNote {
  readonly atMs: number;
  readonly machineMs: number;
  readonly ms: Readonly<Record<string, readonly number[]>>;
}

export interface CpuUse {
  readonly ms: Readonly<Partial<Record<string, number>>>;
  /** Of the busiest of those that do the same. */
  readonly busiestMs: Readonly<Partial<Record<string, number>>>;
  readonly wallMs: number;
  /** Of programs that have nothing to do with the run. */
  readonly othersMs: number;
}

/** Of a core: a process that uses so much of one has no room left. */
export const FULL = 0.92;
/** Of the machine: more than this for others, and the run was disturbed. */
const DISTURBED = 0.15;

export async function noteCpu(pids: Pids): Promise<CpuNote> {
  const ms: Record<string, readonly number[]> = {};
  for (const [name, given] of Object.entries(pids)) {
    ms[name] = await Promise.all((typeof given === 'number' ? [given] : given).map(cpuMsOfTree));
  }
  return { atMs: performance.now(), machineMs: await machineCpuMs(), ms };
}

export function cpuBetween(from: CpuNote, to: CpuNote): CpuUse {
  const ms: Record<string, number> = {};
  const busiestMs: Record<string, number> = {};
  let all = 0;
  for (const [name, spent] of Object.entries(to.ms)) {
    // Who has ended in between counts for nothing rather than backwards.
    const each = spent.map((after, at) => Math.max(0, after - (from.ms[name]?.[at] ?? 0)));
    const sum = each.reduce((total, one) => total + one, 0);
    ms[name] = sum;
    busiestMs[name] = Math.max(0, ...each);
    all += sum;
  }
  return { ms, busiestMs, wallMs: to.atMs - from.atMs, othersMs: Math.max(0, to.machineMs - from.machineMs - all) };
}

/** What `work` used. */
export async function cpuDuring<T>(
  pids: Pids,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly cpu: CpuUse }> {
  const from = await noteCpu(pids);
  const result = await work();
  return { result, cpu: cpuBetween(from, await noteCpu(pids)) };
}

/** Several runs as one. */
export function addCpu(uses: readonly CpuUse[]): CpuUse {
  const ms: Record<string, number> = {};
  const busiestMs: Record<string, number> = {};
  let [wallMs, othersMs] = [0, 0];
  for (const use of uses) {
    for (const [name, spent] of Object.entries(use.ms)) ms[name] = (ms[name] ?? 0) + (spent ?? 0);
    for (const [name, spent] of Object.entries(use.busiestMs)) busiestMs[name] = (busiestMs[name] ?? 0) + (spent ?? 0);
    wallMs += use.wallMs;
    othersMs += use.othersMs;
  }
  return { ms, busiestMs, wallMs, othersMs };
}

/** Cores in use by all of that name. */
export function coresOf({ ms, wallMs }: CpuUse, name: string): number {
  return wallMs === 0 ? 0 : (ms[name] ?? 0) / wallMs;
}

/**
 * What was full: one of `ofOneCore`, in their order (processes that think on one core each), else all cores, else
 * nothing. Where the cores were full it is said who used most of them.
 */
export function bottleneckOf(use: CpuUse, ofOneCore: readonly string[], coresOfMachine: number): string {
  if (use.wallMs === 0) return 'unknown';
  const full = ofOneCore.find((name) => (use.busiestMs[name] ?? 0) / use.wallMs >= FULL);
  if (full !== undefined) return full;
  if (isDisturbed(use, coresOfMachine)) return 'other programs on the machine';
  const byUse = Object.entries(use.ms).sort(([, a], [, b]) => (b ?? 0) - (a ?? 0));
  const used = byUse.reduce((sum, [, spent]) => sum + (spent ?? 0), use.othersMs) / use.wallMs;
  if (used < FULL * coresOfMachine) return 'waiting: for disks and one another';
  return `all cores of the machine, most for ${byUse[0]?.[0] ?? 'others'}`;
}

export function isDisturbed({ othersMs, wallMs }: CpuUse, coresOfMachine: number): boolean {
  return wallMs > 0 && othersMs / wallMs >= DISTURBED * coresOfMachine;
}
