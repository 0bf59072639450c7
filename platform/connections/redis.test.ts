import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/servers/eventually.ts';
import { useOwnRedis } from '../../test/servers/own-redis.ts';
import { createLogger } from '../logging/logger.ts';
import { closeRedis, connectRedis, type Redis, redisCheck } from './redis.ts';

const server = useOwnRedis();
const open: Redis[] = [];
afterEach(() => {
  for (const redis of open.splice(0)) redis.disconnect();
});

async function connect(url = server.url, firstConnectionMs?: number, required = true) {
  const lines: string[] = [];
  const log = createLogger({ name: 'test', level: 'info', destination: { write: (line) => lines.push(line) } });
  const options = {
    url,
    name: 'edge 1',
    log,
    required,
    ...(firstConnectionMs === undefined ? {} : { firstConnectionMs }),
  };
  const redis = await connectRedis(options);
  open.push(redis);
  return { redis, lines };
}

describe('connectRedis', () => {
  it('is connected when it resolves, under its name', async () => {
    const { redis } = await connect();
    expect(await redis.client('GETNAME')).toBe('edge-1');
    await expect(redisCheck(redis).check()).resolves.toBeUndefined();
  });

  it('says where it could not connect and why, without the password', async () => {
    const error = await connect('redis://user:hunter2@127.0.0.1:1/3', 300).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'REDIS_UNREACHABLE', retryable: true });
    expect(String(error)).toContain('Redis at redis://127.0.0.1:1/3 cannot be used: connect ECONNREFUSED');
    expect(String(error)).not.toContain('hunter2');
  });

  it('does not try a wrong password again', async () => {
    const url = new URL(server.url);
    url.username = 'nobody';
    url.password = 'hunter2';
    const startedAt = performance.now();
    await expect(connect(url.href)).rejects.toThrow(/WRONGPASS/);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('waits for a Redis that comes up a little later', async () => {
    await server.kill();
    const connecting = connect();
    await server.restart();
    const { redis } = await connecting;
    expect(await redis.ping()).toBe('PONG');
  });

  it('is handed out without a server where none is required, fails at once, and comes when the server does', async () => {
    await server.kill();
    const { redis, lines } = await connect(server.url, 300, false);
    const startedAt = performance.now();
    await expect(redis.get('kept')).rejects.toThrow();
    await expect(redisCheck(redis).check()).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', retryable: true });
    expect(performance.now() - startedAt).toBeLessThan(100);
    await server.restart();
    await eventually(() => redis.ping().then(() => true), { withinMs: 10_000 });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('going on without it');
    expect(lines[1]).toContain('is back');
  });

  it('comes back after Redis was killed; commands fail at once meanwhile; one line for lost and one for back', async () => {
    const { redis, lines } = await connect();
    const check = redisCheck(redis);
    await redis.set('kept', 'yes');
    await server.kill();
    await eventually(() => redis.status !== 'ready', { withinMs: 5_000 });
    const startedAt = performance.now();
    await expect(check.check()).rejects.toThrow();
    await expect(redis.get('kept')).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(100);
    await eventually(() => redis.status === 'reconnecting', { withinMs: 5_000 });
    await server.restart();
    await eventually(() => check.check().then(() => true), { withinMs: 10_000 });
    expect(await redis.get('kept')).toBe('yes');
    expect(lines.filter((line) => line.includes('lost'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('is back'))).toHaveLength(1);
    expect(lines).toHaveLength(2);
  });

  it('rejects what was under way when the connection broke, and never sends it a second time', async () => {
    const { redis } = await connect();
    const other = (await connect()).redis;
    await other.del('counter');
    // Blocked: INCR is written but not answered until the pause ends, after the connection was cut.
    const id = await redis.client('ID');
    await other.client('PAUSE', 400, 'WRITE');
    const under = redis.incr('counter');
    const failed = expect(under).rejects.toThrow();
    await other.client('KILL', 'ID', id);
    await failed;
    await eventually(() => redis.ping().then(() => true), { withinMs: 5_000 });
    await eventually(async () => (await other.incr('after')) > 0, { withinMs: 5_000 });
    expect(Number((await other.get('counter')) ?? 0)).toBeLessThanOrEqual(1);
  });

  it('gives up on a connection that is open but silent', { timeout: 20_000 }, async () => {
    const sockets = new Set<Socket>();
    const target = new URL(server.url);
    let silent = false;
    const proxy = createServer((near) => {
      const far = dial(Number(target.port), target.hostname);
      sockets.add(near).add(far);
      near.on('data', (data) => silent || far.write(data));
      far.on('data', (data) => near.write(data));
      for (const socket of [near, far]) socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const bound = proxy.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const { redis } = await connect(`redis://127.0.0.1:${port}`);
    silent = true;
    const startedAt = performance.now();
    await expect(redis.get('kept')).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(7_000);
    silent = false;
    await eventually(() => redis.ping().then(() => true), { withinMs: 5_000 });
    redis.disconnect();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
});

describe('closeRedis', () => {
  it('lets what is under way be answered', async () => {
    const { redis } = await connect();
    const answer = redis.set('last', 'word', 'GET');
    await closeRedis(redis);
    await expect(answer).resolves.toBeNull();
    expect(redis.status).toBe('end');
    await closeRedis(redis);
  });

  it('stops trying to get a lost connection back', async () => {
    const { redis, lines } = await connect();
    await server.kill();
    await eventually(() => redis.status === 'reconnecting', { withinMs: 5_000 });
    await closeRedis(redis);
    await server.restart();
    await connect();
    expect(redis.status).not.toBe('ready');
    expect(lines.join()).not.toContain('is back');
  });
});
