/** A queue worker of the product, started as in production and asked only over the network. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { firstNote } from './child-note.ts';
import { freePort } from './free-port.ts';

export interface WorkerProcess {
  readonly name: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** A folder of queue-workers/. */
  readonly name: 'relay' | 'orders';
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const WORKERS = join(import.meta.dirname, '../../queue-workers');
const START_DEADLINE_MS = 60_000;

/** Resolves once it is at work. */
export async function startWorker({ name, env, signal }: WorkerOptions): Promise<WorkerProcess> {
  signal.throwIfAborted();
  const child = fork(join(WORKERS, name, 'main.ts'), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Nothing of whoever runs the bench: a setting of theirs would be measured and not told.
    env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', OPS_PORT: String(await freePort()), ...env },
  });
  try {
    await firstNote({ child, what: `The worker ${name}`, deadlineMs: START_DEADLINE_MS, signal });
    child.stdout?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    child.once('exit', (code, signalName) => {
      if (signalName !== 'SIGKILL') process.stderr.write(`The worker ${name} ended with ${code ?? signalName}.\n`);
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
