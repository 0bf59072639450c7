import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../test/servers/eventually.ts';
import { ConfigError } from './config/load.ts';
import { runService, type ServiceContext, type ServiceOptions } from './service.ts';

type Start = ServiceOptions<never>['start'];

class FakeProcess extends EventEmitter {
  readonly env: Record<string, string>;
  readonly written: string[] = [];
  readonly sent: object[] = [];
  readonly exits: number[] = [];
  connected?: boolean;
  send?: (message: object) => unknown;
  readonly stderr = { write: (text: string) => this.written.push(text) };

  constructor(env: Record<string, string>) {
    super();
    this.env = env;
  }

  exit(code: number): void {
    this.exits.push(code);
  }

  fork(): void {
    this.connected = true;
    this.send = (message) => this.sent.push(message);
  }
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  return typeof bound === 'object' && bound !== null ? String(bound.port) : '';
}

const running: FakeProcess[] = [];
afterEach(() => {
  for (const process of running.splice(0)) process.emit('SIGTERM');
});

async function run(start: Start, env: Record<string, string> = {}, prepare?: (process: FakeProcess) => void) {
  const process = new FakeProcess({ OPS_PORT: await freePort(), SHUTDOWN_TIMEOUT_MS: '2000', ...env });
  prepare?.(process);
  const lines: string[] = [];
  let nowMs = 1_000_000;
  const ended = runService(process, {
    name: 'test',
    variables: [],
    start,
    clock: { now: () => nowMs },
    logDestination: { write: (line) => lines.push(line) },
  });
  running.push(process);
  const url = `http://127.0.0.1:${process.env['OPS_PORT']}`;
  const logged = (text: string) => eventually(() => lines.some((line) => line.includes(text)), { withinMs: 5_000 });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { process, lines, ended, url, logged, pass };
}

describe('a service that is well', () => {
  it('tells that it is ready, and where, in the log and to its parent', async () => {
    const start = async () => ({ addresses: { edge: 'ws://127.0.0.1:8080' } });
    const { process, lines, logged, url } = await run(start, {}, (fake) => fake.fork());
    await logged('"msg":"ready"');
    const listening = { ops: url, edge: 'ws://127.0.0.1:8080' };
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ process: 'test', listening });
    expect(process.sent).toEqual([{ type: 'ready', service: 'test', listening }]);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
  });

  it('is not ready before its start has ended, and not while a check fails', async () => {
    const starting = Promise.withResolvers<void>();
    let context: ServiceContext<never> | undefined;
    const { url, logged } = await run(async (given) => {
      context = given;
      await starting.promise;
    });
    await eventually(async () => (await fetch(`${url}/health`)).ok, { withinMs: 5_000 });
    const early = await fetch(`${url}/ready`);
    expect([early.status, await early.json()]).toEqual([
      503,
      { ready: false, checks: [{ name: 'start', ok: false, reason: 'still starting' }] },
    ]);
    starting.resolve();
    await logged('"msg":"ready"');
    context?.addCheck({ name: 'redis', check: () => Promise.reject(new Error('connection lost')) });
    expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({ ready: false, checks: [{}, { name: 'redis' }] });
  });

  it('hands its configuration to start, typed, and serves its metrics', async () => {
    const { url, logged } = await run(async ({ config, metrics }) => {
      metrics.gauge({ name: 'dropgate_test_ms', help: 'x' }).set(config.SHUTDOWN_TIMEOUT_MS);
    });
    await logged('"msg":"ready"');
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('dropgate_test_ms{process="test"} 2000');
  });
});

describe('the end of a service', () => {
  it.each(['SIGTERM', 'SIGINT', 'disconnect'])('stops in order on %s', async (event) => {
    const order: string[] = [];
    const { process, ended, logged } = await run(async ({ onStop }) => {
      onStop('pool', () => void order.push('pool'));
      onStop('server', () => void order.push('server'));
    });
    await logged('"msg":"ready"');
    process.emit(event);
    await ended;
    expect(order).toEqual(['server', 'pool']);
    expect(process.exits).toEqual([0]);
    expect(process.eventNames()).toEqual([]);
  });

  it('lets work that is under way end, says meanwhile that it is not ready, and takes no new time for the same wish', async () => {
    const work = Promise.withResolvers<void>();
    let finished = false;
    const { process, ended, logged, url, pass } = await run(async ({ onStop, stopping }) => {
      onStop('work', async () => {
        expect(stopping.aborted).toBe(true);
        await work.promise;
        finished = true;
      });
    });
    await logged('"msg":"ready"');
    process.emit('SIGINT');
    pass(999);
    process.emit('SIGINT');
    process.emit('SIGTERM');
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(process.exits).toEqual([]);
    work.resolve();
    await ended;
    expect([finished, process.exits]).toEqual([true, [0]]);
  });

  it('ends at once when it is told a second time', async () => {
    const { process, ended, logged, pass } = await run(async ({ onStop }) => {
      onStop('work', () => new Promise(() => undefined));
    });
    await logged('"msg":"ready"');
    process.emit('SIGTERM');
    pass(1_000);
    process.emit('SIGTERM');
    await ended;
    expect(process.exits).toEqual([1]);
    await logged('ending at once');
  });

  it('exits with 1 past the deadline and names the step that hung', async () => {
    const start: Start = async ({ onStop }) => {
      onStop('pool', () => undefined);
      onStop('consumer', () => new Promise(() => undefined));
    };
    const { process, ended, lines, logged } = await run(start, { SHUTDOWN_TIMEOUT_MS: '100' });
    await logged('"msg":"ready"');
    process.emit('SIGTERM');
    await ended;
    expect(process.exits).toEqual([1]);
    expect(lines.at(-1)).toContain('"hung":"consumer","skipped":["ops server","pool"]');
  });

  it('exits with 1 when a step failed', async () => {
    const { process, ended, logged } = await run(async ({ onStop }) => {
      onStop('pool', () => Promise.reject(new Error('cannot close')));
    });
    await logged('"msg":"ready"');
    process.emit('SIGTERM');
    await ended;
    expect(process.exits).toEqual([1]);
    await logged('cannot close');
  });

  it('stops what a start under way had already begun, without calling that a failure', async () => {
    const stopped: string[] = [];
    const begun = Promise.withResolvers<void>();
    const { process, ended, lines } = await run(async ({ onStop, stopping }) => {
      onStop('early', () => void stopped.push('early'));
      begun.resolve();
      await once(stopping, 'abort');
      onStop('late', () => void stopped.push('late'));
      throw new Error('cut off');
    });
    await begun.promise;
    process.emit('SIGTERM');
    await ended;
    expect(stopped).toEqual(['early', 'late']);
    expect(process.exits).toEqual([0]);
    expect(lines.join()).not.toContain('cut off');
  });

  it('stops when its parent died before it could be heard of', async () => {
    const { process, ended } = await run(
      async () => undefined,
      {},
      (fake) => {
        fake.fork();
        fake.connected = false;
      },
    );
    await ended;
    expect(process.exits).toEqual([0]);
  });
});

describe('a service that fails', () => {
  it('logs a failed start, stops what it had begun, exits with 1', async () => {
    const stopped: string[] = [];
    const { process, ended, logged } = await run(async ({ onStop }) => {
      onStop('redis', () => void stopped.push('redis'));
      throw new Error('no Kafka at redis://u:hunter2@h');
    });
    await ended;
    expect([process.exits, stopped]).toEqual([[1], ['redis']]);
    await logged('no Kafka at redis://[redacted]@h');
  });

  it.each(['uncaughtException', 'unhandledRejection'])('stops in order on an %s', async (event) => {
    const stopped: string[] = [];
    const { process, ended, logged } = await run(async ({ onStop }) => {
      onStop('redis', () => void stopped.push('redis'));
    });
    await logged('"msg":"ready"');
    process.emit(event, new Error('a bug'));
    await ended;
    expect([process.exits, stopped]).toEqual([[1], ['redis']]);
    await logged('"level":"fatal"');
  });

  it('stops in order when a part of it says that it cannot go on', async () => {
    let fail: ((error: unknown) => void) | undefined;
    const { process, ended, logged } = await run(async (context) => {
      fail = context.fail;
    });
    await logged('"msg":"ready"');
    fail?.(new Error('the outbox is corrupt'));
    await ended;
    expect(process.exits).toEqual([1]);
    await logged('the outbox is corrupt');
  });

  it('prints every configuration problem and exits with 78, also for those that only start can find', async () => {
    const early = await run(async () => undefined, { LOG_LEVEL: 'loud', NODE_ENV: 'moon' });
    await early.ended;
    expect(early.process.exits).toEqual([78]);
    expect(early.process.written.join('')).toMatch(/LOG_LEVEL must be[\s\S]*NODE_ENV must be|NODE_ENV[\s\S]*LOG_LEVEL/);
    const late = await run(async () => {
      throw new ConfigError([{ variable: 'REDIS_URL_EU', message: 'REDIS_URL_EU must be a URL' }]);
    });
    await late.ended;
    expect(late.process.exits).toEqual([78]);
    expect(late.process.written.join('')).toContain('REDIS_URL_EU must be a URL');
  });

  it('fails when its ops port is taken, and says which', async () => {
    const first = await run(async () => undefined);
    await first.logged('"msg":"ready"');
    const second = await run(async () => undefined, { OPS_PORT: first.process.env['OPS_PORT'] ?? '' });
    await second.ended;
    expect(second.process.exits).toEqual([1]);
    await second.logged('cannot listen on 127.0.0.1');
  });
});
