import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exchange } from './exchange.ts';
import { type LocalServer, type StartOptions, startServer } from './server.ts';

export interface RedisOptions extends StartOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly logFile: string;
  /** Server settings beside or instead of ours, for example { 'cluster-enabled': 'yes' }. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Every write is on the disk before it is answered: what a shopper was told survives kill -9. Snapshots would only
 * cost a second copy beside the log.
 */
export async function startRedis(options: RedisOptions): Promise<LocalServer> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const settings: Readonly<Record<string, string>> = {
    bind: '127.0.0.1',
    port: String(options.port),
    'protected-mode': 'yes',
    dir: dataDir,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    daemonize: 'no',
    // A log cut short in the middle of a write by kill -9 is loaded up to its last whole command.
    'aof-load-truncated': 'yes',
    // Never drop a key to make room: a hold that vanishes is a unit lost.
    'maxmemory-policy': 'noeviction',
    ...options.settings,
  };
  return startServer({
    ...options,
    name: 'redis',
    port: options.port,
    address: `redis://127.0.0.1:${options.port}`,
    programs: ['redis-server', '/usr/bin/redis-server', 'valkey-server', '/usr/bin/valkey-server'],
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    cwd: dataDir,
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 10_000,
    readyDeadlineMs: 60_000,
    answers: (signal) => ping(options.port, signal),
  });
}

/** While it still loads its log Redis answers -LOADING, which is not the answer of one that serves. */
async function ping(port: number, signal: AbortSignal): Promise<void> {
  const answer = await exchange(port, Buffer.from('PING\r\n'), (bytes) => bytes.includes('\r\n'), signal);
  if (!answer.toString('latin1').startsWith('+PONG')) throw new Error(`Redis answers ${answer.toString('latin1')}`);
}
