/** The product's own edge process, started as in production and asked only over the network. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { firstNote } from './child-note.ts';
import { freePort } from './free-port.ts';
import { profiled } from './profiling.ts';

export interface EdgeProcess {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface EdgeOptions {
  readonly redisUrl: string;
  readonly kafka: string;
  readonly prefix: string;
  readonly regions: readonly string[];
  readonly secret: string;
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** For Node.js itself, before the program. */
  readonly execArgv?: readonly string[];
  readonly signal: AbortSignal;
}

const PROGRAM = join(import.meta.dirname, '../../edge/main.ts');
const START_DEADLINE_MS = 60_000;

export async function startEdge(options: EdgeOptions): Promise<EdgeProcess> {
  const { redisUrl, kafka, prefix, regions, secret, env, execArgv = [], signal } = options;
  signal.throwIfAborted();
  const port = await freePort();
  const watched = profiled('edge');
  const child = fork(PROGRAM, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [...watched.execArgv, ...execArgv],
    // Nothing of whoever runs the bench: a setting of theirs would be measured and not told.
    env: {
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      EDGE_HOST: '127.0.0.1',
      EDGE_PORT: String(port),
      OPS_PORT: String(await freePort()),
      REDIS_URL: redisUrl,
      REDIS_PREFIX: prefix,
      REGIONS: regions.join(','),
      KAFKA_BROKERS: kafka,
      AUTH_SECRET: secret,
      PASS_SECRET: secret,
      ...env,
    },
  });
  watched.watch(child);
  try {
    await firstNote({ child, what: 'An edge of the bench', deadlineMs: START_DEADLINE_MS, signal });
    await watched.begin();
    // Whoever loses sockets by it should not have to guess why.
    child.once('exit', (code, signalName) => {
      if (signalName !== 'SIGKILL') process.stderr.write(`An edge of the bench ended with ${code ?? signalName}.\n`);
    });
    return { port, pid: child.pid ?? 0, stop };
  } catch (error) {
    await kill(child);
    throw error;
  }

  async function stop(): Promise<void> {
    await watched.end();
    await kill(child);
  }
}

/** Killed rather than asked: nobody is left who could be told to come back elsewhere. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
