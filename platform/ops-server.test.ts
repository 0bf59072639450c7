import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createReadiness } from './health.ts';
import { createLogger } from './logging/logger.ts';
import { createMetrics } from './metrics.ts';
import { type OpsServer, startOpsServer } from './ops-server.ts';

const log = createLogger({ name: 'test', level: 'silent' });
let server: OpsServer;
let stopping = false;
let broken = false;

beforeEach(async () => {
  stopping = false;
  broken = false;
  const readiness = createReadiness({ clock: systemClock, cacheMs: 0 });
  readiness.add({
    name: 'redis',
    check: async () => (broken ? Promise.reject(new Error('connection lost')) : undefined),
  });
  const metrics = createMetrics('test');
  server = await startOpsServer({ host: '127.0.0.1', port: 0, readiness, metrics, log, isStopping: () => stopping });
});

afterEach(() => server.close());

describe('the ops server', () => {
  it('says that it is alive', async () => {
    const answer = await fetch(`${server.url}/health`);
    expect([answer.status, await answer.json()]).toEqual([200, { alive: true }]);
  });

  it('says whether it is ready, and what is missing', async () => {
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    broken = true;
    const answer = await fetch(`${server.url}/ready?probe=1`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { ready: false, checks: [{ name: 'redis', ok: false, reason: 'connection lost' }] },
    ]);
  });

  it('is not ready while it stops, but alive', async () => {
    stopping = true;
    expect((await fetch(`${server.url}/ready`)).status).toBe(503);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('gives its metrics', async () => {
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('process_cpu_seconds_total{process="test"}');
  });

  it('refuses what it does not know', async () => {
    expect((await fetch(`${server.url}/`)).status).toBe(404);
    expect((await fetch(`${server.url}/health`, { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await fetch(`${server.url}/health`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('closes although a connection is kept open', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    await server.close();
    await closed;
  });

  it('says which address it cannot have', async () => {
    const port = Number(new URL(server.url).port);
    const readiness = createReadiness({ clock: systemClock });
    const second = startOpsServer({
      host: '127.0.0.1',
      port,
      readiness,
      metrics: createMetrics('second'),
      log,
      isStopping: () => false,
    });
    await expect(second).rejects.toThrow(`cannot listen on 127.0.0.1:${port} (OPS_HOST, OPS_PORT)`);
  });
});
