/** What held the chain back, from the cores that its processes used. */
import { addCpu, bottleneckOf as bottleneckOfUse, type CpuUse, coresOf, FULL } from '../machine/cpu-use.ts';

/** Each of these thinks on one core at a time. */
const OF_ONE_CORE = ['generator', 'relay', 'orders', 'redis'];

export function bottleneckOf(runs: readonly { readonly cpu: CpuUse }[], coresOfMachine: number): string {
  const cpu = addCpu(runs.map((run) => run.cpu));
  const found = bottleneckOfUse(cpu, OF_ONE_CORE, coresOfMachine);
  const inTurn = coresOf(cpu, 'orders') + coresOf(cpu, 'postgres');
  return found.startsWith('waiting') && inTurn >= FULL ? 'orders and postgres in turn' : found;
}
