/** What held a run back, from what its processes did with their time. */
import { FULL } from '../machine/cpu-use.ts';

export interface CoresInUse {
  readonly busiestGenerator: number;
  readonly redis: number;
  readonly redisProcesses: number;
  /** Share of the time in which Redis could compute and had no core. */
  readonly waitsForCore?: number;
  /** Share of the time in which it did neither: with claims waiting, its disk is what it waits for. */
  readonly waitsForDisk?: number;
}

export type Bottleneck = 'redis' | 'generator' | 'redis and its disk' | 'all cores of the machine';

/** Less than this is what any process waits for a core, on an idle machine too. */
const CROWDED = 0.15;

/** A Redis that is not full and whose generator is not either waits for its disk, or for a core that others use. */
export function bottleneckOf(cores: CoresInUse): Bottleneck {
  const { busiestGenerator, redis, redisProcesses, waitsForCore = 0, waitsForDisk = 0 } = cores;
  if (redis >= FULL * redisProcesses) return 'redis';
  if (busiestGenerator >= FULL) return 'generator';
  return waitsForCore >= CROWDED && waitsForCore > waitsForDisk ? 'all cores of the machine' : 'redis and its disk';
}
