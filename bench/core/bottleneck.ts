/** What held a run back, from the cores that its processes used. */
export interface CoresInUse {
  readonly busiestGenerator: number;
  readonly redis: number;
  readonly redisProcesses: number;
}

export type Bottleneck = 'redis' | 'generator' | 'redis and its disk';

const FULL = 0.92;

/** A Redis that is not full and whose generator is not either waits for its disk, or for a core that others use. */
export function bottleneckOf(cores: CoresInUse): Bottleneck {
  if (cores.redis >= FULL * cores.redisProcesses) return 'redis';
  return cores.busiestGenerator >= FULL ? 'generator' : 'redis and its disk';
}
