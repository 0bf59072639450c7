/** What held a run back, from the cores that its processes used. */
export interface CoresInUse {
  readonly edge: number;
  readonly redis: number;
  readonly generators: number;
  readonly busiestGenerator: number;
}

const FULL = 0.92;

/** Edge, Redis and each generator think on one core each; where all of them share too few, the machine is the limit. */
export function bottleneckOf(cores: CoresInUse, coresOfMachine: number): string {
  if (cores.busiestGenerator >= FULL) return 'generator';
  if (cores.edge >= FULL) return 'edge';
  if (cores.redis >= FULL) return 'redis';
  const all = cores.edge + cores.redis + cores.generators;
  return all >= FULL * coresOfMachine ? 'all cores of the machine, generator included' : 'redis and its disk';
}
