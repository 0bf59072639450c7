import type { VariableName } from '../../platform/config/variables.ts';
import { SHORT_LIVED_OBJECTS } from '../../platform/node-options.ts';
import type { Settings } from './settings.ts';
import type { StandIn } from './stand-in.ts';

/** Our own processes, in the order in which the screen lists them. */
export interface ProcessEntry {
  readonly name: string;
  readonly entry: string;
  /** For Node.js itself. */
  readonly nodeOptions?: readonly string[];
  /** The variables of the ports that it serves on, beside OPS_PORT. */
  readonly ports: readonly VariableName[];
  /** Added to OPS_PORT for its own health, readiness and metrics. */
  readonly opsOffset: number;
  /** It runs in the place of what this variable would name, where nobody named anything: in development only. */
  readonly standsInFor?: StandIn;
}

/** Each kind of process, as it runs alone. */
export const PROCESSES: readonly ProcessEntry[] = [
  { name: 'edge', entry: 'edge/main.ts', nodeOptions: SHORT_LIVED_OBJECTS, ports: ['EDGE_PORT'], opsOffset: 0 },
  { name: 'workers', entry: 'queue-workers/main.ts', ports: [], opsOffset: 1 },
  { name: 'store', entry: 'store-api/main.ts', ports: ['STORE_PORT'], opsOffset: 2 },
  {
    name: 'gateway',
    entry: 'scripts/local/payment-gateway/main.ts',
    ports: ['LOCAL_GATEWAY_PORT'],
    opsOffset: 3,
    standsInFor: 'PAYMENT_API_URL',
  },
  {
    name: 'mailbox',
    entry: 'scripts/local/mailbox/main.ts',
    ports: ['LOCAL_SMTP_PORT', 'LOCAL_MAILBOX_PORT'],
    opsOffset: 4,
    standsInFor: 'SMTP_URL',
  },
];

/** Those that npm start runs. Several edges share EDGE_PORT; the ops ports of all but the first follow behind the others. */
export function processesOf({ config, standIns }: Pick<Settings, 'config' | 'standIns'>): readonly ProcessEntry[] {
  return PROCESSES.flatMap((process) => {
    if (process.standsInFor !== undefined) return standIns.has(process.standsInFor) ? [process] : [];
    if (process.name !== 'edge') return [process];
    const others = Array.from({ length: config.EDGE_PROCESSES - 1 }, (_, at) => ({
      ...process,
      name: `edge-${at + 2}`,
      opsOffset: PROCESSES.length + at,
    }));
    return [process, ...others];
  });
}
