/** What held the chain back, from the cores that its processes used. */
import { median } from '../report/statistics.ts';
import type { ChainRun } from './run.ts';

const FULL = 0.92;
/** Of the machine: more than this for others, and the run was disturbed. */
const DISTURBED = 0.15;
/** Each of these thinks on one core at a time. */
const OF_ONE_CORE = ['relay', 'orders', 'redis'] as const;

export function bottleneckOf(runs: readonly Pick<ChainRun, 'cpu'>[], coresOfMachine: number): string {
  const cores = (ms: (run: Pick<ChainRun, 'cpu'>) => number): number =>
    median(runs.map((run) => ms(run) / run.cpu.wallMs));
  const full = OF_ONE_CORE.find((name) => cores(({ cpu }) => cpu.ms[name] ?? 0) >= FULL);
  if (full !== undefined) return full;
  const others = cores(({ cpu }) => cpu.othersMs);
  if (others >= DISTURBED * coresOfMachine) return 'other programs on the machine';
  const used = cores(({ cpu }) => Object.values(cpu.ms).reduce((sum, ms) => sum + ms, 0));
  if (used + others >= FULL * coresOfMachine) return 'all cores of the machine';
  const orders = cores(({ cpu }) => cpu.ms.orders ?? 0);
  const postgres = cores(({ cpu }) => cpu.ms.postgres ?? 0);
  return orders + postgres >= FULL ? 'orders and postgres in turn' : 'waiting: for disks and one another';
}
