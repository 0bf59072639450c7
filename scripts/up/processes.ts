import type { VariableName } from '../../platform/config/variables.ts';
import type { WholeConfig } from './settings.ts';

/** Our own processes, in the order in which the screen lists them. */
export interface ProcessEntry {
  readonly name: string;
  readonly entry: string;
  /** The variables of the ports that it serves on, beside OPS_PORT. */
  readonly ports: readonly VariableName[];
  /** Added to OPS_PORT for its own health, readiness and metrics. */
  readonly opsOffset: number;
}

/** Each kind of process, as it runs alone. */
export const PROCESSES: readonly ProcessEntry[] = [
  { name: 'edge', entry: 'edge/main.ts', ports: ['EDGE_PORT'], opsOffset: 0 },
  { name: 'workers', entry: 'queue-workers/main.ts', ports: [], opsOffset: 1 },
  { name: 'store', entry: 'store-api/main.ts', ports: ['STORE_PORT'], opsOffset: 2 },
];

/** Those that npm start runs. Several edges share EDGE_PORT; the ops ports of all but the first follow behind the others. */
export function processesOf({ EDGE_PROCESSES }: Pick<WholeConfig, 'EDGE_PROCESSES'>): readonly ProcessEntry[] {
  return PROCESSES.flatMap((process) => {
    if (process.name !== 'edge') return [process];
    const others = Array.from({ length: EDGE_PROCESSES - 1 }, (_, at) => ({
      ...process,
      name: `edge-${at + 2}`,
      opsOffset: PROCESSES.length + at,
    }));
    return [process, ...others];
  });
}
