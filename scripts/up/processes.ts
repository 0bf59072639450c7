import type { VariableName } from '../../platform/config/variables.ts';

/** Our own processes, in the order in which the screen lists them. */
export interface ProcessEntry {
  readonly name: string;
  readonly entry: string;
  /** The variables of the ports that it serves on, beside OPS_PORT. */
  readonly ports: readonly VariableName[];
  /** Added to OPS_PORT for its own health, readiness and metrics. */
  readonly opsOffset: number;
}

export const PROCESSES: readonly ProcessEntry[] = [
  { name: 'edge', entry: 'edge/main.ts', ports: ['EDGE_PORT'], opsOffset: 0 },
  { name: 'workers', entry: 'queue-workers/main.ts', ports: [], opsOffset: 1 },
  { name: 'store', entry: 'store-api/main.ts', ports: ['STORE_PORT'], opsOffset: 2 },
];
