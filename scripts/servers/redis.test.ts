import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, whoListens } from './ports.ts';
import { startRedis } from './redis.ts';
import type { LocalServer } from './server.ts';

let folder = '';
const running: LocalServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-redis-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(port: number): Promise<LocalServer> {
  const server = await startRedis({ dataDir: join(folder, 'data'), port, logFile: join(folder, 'redis.log') });
  running.push(server);
  return server;
}

describe('startRedis', () => {
  it('serves at its address, keeps what was written through kill -9, and stops', async () => {
    const port = await freePort();
    const first = await start(port);
    expect(first.address).toBe(`redis://127.0.0.1:${port}`);
    expect((await whoListens(port))?.pid).toBe(first.pid);
    const client = new Redis(first.address);
    client.on('error', () => {});
    await client.set('told', 'yes');
    expect(await client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
    client.disconnect();

    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });

    const second = await start(port);
    const again = new Redis(second.address);
    expect(await again.get('told')).toBe('yes');
    again.disconnect();
    await second.stop();
    await second.stop();
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expect(await whoListens(port)).toBeUndefined();
  });

  it('is not taken in by another server on its port', async () => {
    const port = await freePort();
    const first = await start(port);
    const beside = startRedis({ dataDir: join(folder, 'other'), port, logFile: join(folder, 'other.log') });
    await expect(beside).rejects.toThrow(
      `redis did not start: port ${port} is taken by process ${first.pid} (redis-server`,
    );
  });

  it('leaves nothing behind when its start is given up', async () => {
    const giveUp = new AbortController();
    const pids: number[] = [];
    const port = await freePort();
    const starting = startRedis({
      dataDir: join(folder, 'data'),
      port,
      logFile: join(folder, 'redis.log'),
      signal: giveUp.signal,
      onSpawn(pid) {
        pids.push(pid);
        giveUp.abort(new Error('stopped by the user'));
      },
    });
    await expect(starting).rejects.toThrow('stopped by the user');
    expect(pids).toHaveLength(1);
    expect(() => process.kill(pids[0] ?? 0, 0)).toThrow('ESRCH');
  });
});
