/** A process of the product, started as in production and asked only over the network. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { firstNote } from './child-note.ts';
import { freePort } from './free-port.ts';

export interface ProductProcess {
  readonly name: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const PROCESSES = {
  relay: 'queue-workers/relay/main.ts',
  orders: 'queue-workers/orders/main.ts',
  payments: 'queue-workers/payments/main.ts',
  store: 'store-api/main.ts',
} as const;

export interface ProductOptions {
  readonly name: keyof typeof PROCESSES;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const ROOT = join(import.meta.dirname, '../..');
const START_DEADLINE_MS = 60_000;

/** Resolves once it is at work. */
export async function startProduct({ name, env, signal }: ProductOptions): Promise<ProductProcess> {
  signal.throwIfAborted();
  const child = fork(join(ROOT, PROCESSES[name]), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Nothing of whoever runs the bench: a setting of theirs would be measured and not told.
    env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', OPS_PORT: String(await freePort()), ...env },
  });
  try {
    await firstNote({ child, what: `The process ${name}`, deadlineMs: START_DEADLINE_MS, signal });
    child.stdout?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    child.once('exit', (code, signalName) => {
      if (signalName !== 'SIGKILL') process.stderr.write(`The process ${name} ended with ${code ?? signalName}.\n`);
    });
    return { name, pid: child.pid ?? 0, stop: () => kill(child) };
  } catch (error) {
    await kill(child);
    throw error;
  }
}

/** Killed rather than asked: what it leaves behind is thrown away. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
