/** A process of the product, started as in production and asked only over the network. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { firstNote } from './child-note.ts';
import { freePort } from './free-port.ts';
import { profiled } from './profiling.ts';

export interface ProductProcess {
  readonly name: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const PROCESSES = {
  edge: 'edge/main.ts',
  relay: 'queue-workers/relay/main.ts',
  orders: 'queue-workers/orders/main.ts',
  payments: 'queue-workers/payments/main.ts',
  outbox: 'queue-workers/outbox/main.ts',
  expiry: 'queue-workers/expiry/main.ts',
  draw: 'queue-workers/draw/main.ts',
  drops: 'queue-workers/drops/main.ts',
  rebalance: 'queue-workers/rebalance/main.ts',
  reconcile: 'queue-workers/reconcile/main.ts',
  reservations: 'queue-workers/reservations/main.ts',
  analytics: 'queue-workers/analytics/main.ts',
  settlements: 'queue-workers/settlements/main.ts',
  notify: 'queue-workers/notify/main.ts',
  ratings: 'queue-workers/ratings/main.ts',
  store: 'store-api/main.ts',
  /** A stand-in for a payment provider; it does not start where NODE_ENV is production. */
  gateway: 'scripts/local/payment-gateway/main.ts',
} as const;

export interface ProductOptions {
  readonly name: keyof typeof PROCESSES;
  readonly env: Readonly<Record<string, string>>;
  /** For Node.js itself, before the program. */
  readonly execArgv?: readonly string[];
  readonly signal: AbortSignal;
}

const ROOT = join(import.meta.dirname, '../..');
const START_DEADLINE_MS = 60_000;

/** Resolves once it is at work. */
export async function startProduct({ name, env, execArgv = [], signal }: ProductOptions): Promise<ProductProcess> {
  signal.throwIfAborted();
  const watched = profiled(name);
  const child = fork(join(ROOT, PROCESSES[name]), {
    execArgv: [...watched.execArgv, ...execArgv],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Nothing of whoever runs the bench: a setting of theirs would be measured and not told.
    env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', OPS_PORT: String(await freePort()), ...env },
  });
  watched.watch(child);
  try {
    await firstNote({ child, what: `The process ${name}`, deadlineMs: START_DEADLINE_MS, signal });
    await watched.begin();
    child.stdout?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    // Whoever loses connections by it should not have to guess why.
    child.once('exit', (code, signalName) => {
      if (signalName !== 'SIGKILL') process.stderr.write(`The process ${name} ended with ${code ?? signalName}.\n`);
    });
    return { name, pid: child.pid ?? 0, stop };
  } catch (error) {
    await kill(child);
    throw error;
  }

  async function stop(): Promise<void> {
    await watched.end();
    await kill(child);
  }
}

/** Killed rather than asked: what it leaves behind is thrown away. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
