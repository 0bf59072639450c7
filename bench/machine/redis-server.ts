/** A Redis of the bench's own: as durable as the product's, in a temporary folder, gone after the run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

export interface BenchRedis {
  readonly url: string;
  readonly pid: number;
  /** For questions about the server, never for load. */
  readonly admin: Redis;
  readonly version: string;
  stop(): Promise<void>;
}

const SLOW_LOG_ENTRIES = 1_024;
const FAR_TOO_LONG_US = 10_000;
const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 5_000;
const POLL_MS = 20;

export interface BenchRedisOptions {
  readonly folder: string;
  readonly name: string;
  /** Script calls that take longer are kept in the slow log; only those that are far too long unless given. */
  readonly slowerThanUs?: number;
}

export async function startBenchRedis(options: BenchRedisOptions): Promise<BenchRedis> {
  const { folder, name, slowerThanUs = FAR_TOO_LONG_US } = options;
  const dir = join(folder, name);
  await mkdir(dir, { recursive: true });
  const port = await freePort();
  const settings: Readonly<Record<string, string>> = {
    bind: '127.0.0.1',
    port: String(port),
    dir,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    // A rewrite of the log in the middle of a run would be measured in one run and not in the next.
    'auto-aof-rewrite-percentage': '0',
    'maxmemory-policy': 'noeviction',
    'slowlog-log-slower-than': String(slowerThanUs),
    'slowlog-max-len': String(SLOW_LOG_ENTRIES),
    // Only so that the run can ask for a slower disk (DEBUG AOF-FLUSH-SLEEP).
    'enable-debug-command': 'local',
    logfile: 'redis.log',
  };
  const args = Object.entries(settings).flatMap(([setting, value]) => [`--${setting}`, value]);
  const child = spawn('redis-server', args, { cwd: dir, stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with code ${code}`)));
  });
  failed.catch(() => undefined);
  const admin = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => POLL_MS });
  admin.on('error', () => undefined);
  const stop = () => stopServer(child, admin, dir);
  try {
    await Promise.race([admin.connect().catch(() => undefined), failed]);
    await Promise.race([untilReady(admin), failed]);
    const version = /redis_version:(?<version>\S+)/.exec(await admin.info('server'))?.groups?.['version'] ?? 'unknown';
    return { url: `redis://127.0.0.1:${port}`, pid: child.pid ?? 0, admin, version, stop };
  } catch (error) {
    const log = await readFile(join(dir, 'redis.log'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`No Redis for the bench: ${String(error)}\n${log.slice(-1_000)}`, { cause: error });
  }
}

async function untilReady(admin: Redis): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (admin.status !== 'ready') {
    if (performance.now() > deadline) throw new Error(`not ready within ${START_DEADLINE_MS} ms`);
    await delay(POLL_MS);
  }
}

/** Killed rather than asked: the data is thrown away, and asked it would first write it once more. */
async function stopServer(child: ChildProcess, admin: Redis, dir: string): Promise<void> {
  admin.disconnect();
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit', { signal: AbortSignal.timeout(STOP_DEADLINE_MS) });
    child.kill('SIGKILL');
    await gone;
  }
  await rm(dir, { recursive: true, force: true });
}
