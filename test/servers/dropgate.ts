import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** One of our own processes, started as the launcher starts it, for tests that cross rooms. */
export interface OurProcess {
  readonly pid: number;
  /** Where it listens, by name, as it said when it was ready. */
  readonly listening: Readonly<Record<string, string>>;
  /** Asks it to stop; resolves with its exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

/** Workers of a test have to come to their turn beside all the other tests. */
const AS_EAGER_AS_OTHERS = { WORKER_NICENESS: '0' };
/** Nobody is paid and nothing mailed unless a test says by whom: these addresses answer nothing. */
const NOBODY = {
  PAYMENT_API_URL: 'http://127.0.0.1:9',
  PAYMENT_API_KEY: 'sk_test_of_no_provider',
  PAYMENT_WEBHOOK_SECRET: 'whsec_of_no_provider',
  SMTP_URL: 'smtp://127.0.0.1:9',
};

const ROOT = join(import.meta.dirname, '..', '..');

export async function startOurProcess(entry: string, env: Readonly<Record<string, string>>): Promise<OurProcess> {
  const child = spawn(process.execPath, [join(ROOT, entry)], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', LOG_LEVEL: 'warn', ...AS_EAGER_AS_OTHERS, ...NOBODY, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  }
  const exited = once(child, 'exit');
  const ready = await Promise.race([
    readyMessage(child),
    exited.then(([code]) => Promise.reject(new Error(`${entry} exited with ${code}: ${output}`))),
  ]);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return {
    pid: child.pid ?? 0,
    listening: ready,
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
  };
}

async function readyMessage(child: ChildProcess): Promise<Readonly<Record<string, string>>> {
  const [message]: unknown[] = await once(child, 'message');
  if (typeof message !== 'object' || message === null || !('listening' in message))
    throw new Error('not a ready message');
  return Object.fromEntries(Object.entries(message.listening ?? {}).map(([name, at]) => [name, String(at)]));
}
