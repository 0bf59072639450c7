/** What held a run back, from the cores that its processes used. */
export interface CoresInUse {
  readonly edge: number;
  readonly redis: number;
  readonly generators: number;
  readonly busiestGenerator: number;
  /** Used by programs that have nothing to do with the run. */
  readonly others: number;
}

const FULL = 0.92;
/** Of the machine: more than this for others, and the run says that it was disturbed. */
const DISTURBED = 0.15;

/** Edge, Redis and each generator think on one core each; where all of them share too few, the machine is the limit. */
export function bottleneckOf(cores: CoresInUse, coresOfMachine: number): string {
  if (cores.busiestGenerator >= FULL) return 'generator';
  if (cores.edge >= FULL) return 'edge';
  if (cores.redis >= FULL) return 'redis';
  if (isDisturbed(cores, coresOfMachine)) return 'other programs on the machine';
  const all = cores.edge + cores.redis + cores.generators + cores.others;
  return all >= FULL * coresOfMachine ? 'all cores of the machine, generator included' : 'redis and its disk';
}

export function isDisturbed(cores: CoresInUse, coresOfMachine: number): boolean {
  return cores.others >= DISTURBED * coresOfMachine;
}
