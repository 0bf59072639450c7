import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../servers/ports.ts';
import { claimProblems, portClaims } from './port-claims.ts';
import { preflight, renderProblems } from './preflight.ts';
import { processesOf } from './processes.ts';
import { whyUnreachable, withoutPassword } from './reachable.ts';
import { RunRecords } from './run-records.ts';
import { readSettings } from './settings.ts';

let folder = '';
const open: Server[] = [];
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-preflight-'));
});
afterEach(async () => {
  for (const server of open.splice(0)) server.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function listener(): Promise<number> {
  const port = await freePort();
  const server = createServer();
  open.push(server);
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen({ host: '127.0.0.1', port }, () => resolve()),
  );
  return port;
}

/** Answers with its pid once it listens. */
async function listeningChild(code: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', `${code}.on('listening', () => console.log('listening'))`]);
  children.push(child);
  await once(child.stdout, 'data');
  if (child.pid === undefined) throw new Error('the child did not start');
  return child.pid;
}

/** Ops ports are: one for each process. */
const COUNTED_UP = 10;

/**
 * Each on a free port of its own, so that only what a test breaks is broken; and so far below those that the test has
 * chosen itself that none is reached by counting up.
 */
async function freePorts(...besides: readonly number[]): Promise<Record<string, string>> {
  const names = ['OPS_PORT', 'EDGE_PORT', 'STORE_PORT', 'LOCAL_REDIS_PORT', 'LOCAL_KAFKA_PORT'];
  const used = new Set(besides.flatMap((port) => Array.from({ length: COUNTED_UP }, (_, less) => port - less)));
  const ports: Record<string, string> = {};
  const standIns = ['LOCAL_GATEWAY_PORT', 'LOCAL_SMTP_PORT', 'LOCAL_MAILBOX_PORT'];
  for (const name of [...names, 'LOCAL_KAFKA_CONTROLLER_PORT', 'LOCAL_POSTGRES_PORT', ...standIns]) {
    let port = await freePort();
    // What is free once more after it was asked for may be given out again.
    while (used.has(port)) port = await freePort();
    for (let more = 0; more < COUNTED_UP; more += 1) used.add(port + more);
    ports[name] = String(port);
  }
  return ports;
}

function check(environment: Record<string, string>): Promise<readonly string[]> {
  return preflight(readSettings(environment, folder), new RunRecords(folder));
}

describe('preflight', () => {
  it('finds everything at once: variables, servers that are not there, ports that are taken', async () => {
    const taken = await listener();
    const gone = await freePort();
    const problems = await check({
      ...(await freePorts(taken)),
      STORE_PORT: 'abc',
      EDGE_PORT: String(taken),
      REDIS_URL: `redis://someone:hunter2@127.0.0.1:${gone}`,
    });
    expect(problems).toEqual([
      'STORE_PORT must be a port from 1 to 65535; "abc" is not.',
      `REDIS_URL redis://127.0.0.1:${gone} cannot be reached: connection refused; start a Redis there or unset REDIS_URL and npm start runs one`,
      expect.stringMatching(
        new RegExp(
          `^port ${taken} \\(EDGE_PORT\\) is taken by process ${process.pid} \\(.*\\); end it, or set EDGE_PORT`,
        ),
      ),
    ]);
    expect(renderProblems(problems)).toMatch(/^Dropgate cannot start, for 3 reasons:\n {2}- STORE_PORT/);
    expect(renderProblems(problems)).not.toContain('hunter2');
  });

  it('names what an earlier start left over, and not its port a second time', async () => {
    const taken = await listener();
    new RunRecords(folder).write('edge', process.pid);
    const problems = await check({ ...(await freePorts(taken)), EDGE_PORT: String(taken) });
    expect(problems).toEqual([
      `edge (process ${process.pid}) is left over from an earlier start that was killed; npm stop ends it`,
    ]);
  });

  it('names a stranger that shares the port of the edges with one that is known', async () => {
    const port = await freePort();
    const listens = `require('node:net').createServer().listen({ port: ${port}, host: '127.0.0.1', reusePort: true })`;
    const edge = await listeningChild(listens);
    const stale = await listeningChild(listens);
    new RunRecords(folder).write('edge-2', edge);
    expect(await check({ ...(await freePorts(port)), EDGE_PORT: String(port) })).toEqual([
      expect.stringMatching(/^edge-2 \(process \d+\) is left over/),
      expect.stringMatching(new RegExp(`^port ${port} \\(EDGE_PORT\\) is taken by process ${stale} `)),
    ]);
  });

  it('gives each edge an ops port of its own, and all of them one EDGE_PORT', async () => {
    const environment = { ...(await freePorts()), EDGE_PROCESSES: '4', OPS_PORT: '9464' };
    const settings = readSettings(environment, folder);
    expect(processesOf(settings).map(({ name }) => name)).toEqual([
      'edge',
      'edge-2',
      'edge-3',
      'edge-4',
      'workers',
      'store',
      'gateway',
      'mailbox',
    ]);
    const claims = portClaims(settings);
    expect(claims.filter(({ variable }) => variable === 'EDGE_PORT')).toHaveLength(1);
    const ops = claims.filter(({ variable }) => variable === 'OPS_PORT').map(({ port }) => port);
    expect(ops).toEqual([9464, 9469, 9470, 9471, 9465, 9466, 9467, 9468]);
    const clash = claimProblems(portClaims(readSettings({ ...environment, STORE_PORT: '9471' }, folder)));
    expect(clash).toEqual(['STORE_PORT and OPS_PORT + 7 are both port 9471']);
  });

  it('runs a stand-in only where nobody named the real one, and never in production', async () => {
    const names = (environment: Record<string, string>) =>
      processesOf(readSettings({ EDGE_PROCESSES: '1', ...environment }, folder)).map(({ name }) => name);
    const ours = ['edge', 'workers', 'store'];
    expect(names({})).toEqual([...ours, 'gateway', 'mailbox']);
    expect(names({ PAYMENT_API_URL: 'https://api.stripe.com', SMTP_URL: 'smtp://mail' })).toEqual(ours);
    expect(names({ NODE_ENV: 'production' })).toEqual(ours);
  });

  it('wants the keys of a provider that is named', async () => {
    const environment = { ...(await freePorts()), PAYMENT_API_URL: 'https://api.stripe.com' };
    expect(await check({ ...environment, PAYMENT_API_KEY: 'sk_live_0123456789' })).toEqual([
      'PAYMENT_WEBHOOK_SECRET is not set: PAYMENT_API_URL is, and is of no use without it.',
    ]);
  });

  it('finds one port that two of ours would want', async () => {
    const port = await freePort();
    const problems = await check({ ...(await freePorts(port)), EDGE_PORT: String(port), STORE_PORT: String(port) });
    expect(problems).toEqual([`EDGE_PORT and STORE_PORT are both port ${port}`]);
  });

  it('does not look at the port of a server that runs elsewhere', async () => {
    const [redis, localPort] = [await listener(), await listener()];
    const environment = { ...(await freePorts(localPort)), LOCAL_REDIS_PORT: String(localPort) };
    expect(await check({ ...environment, REDIS_URL: `redis://127.0.0.1:${redis}` })).toEqual([]);
    expect(await check(environment)).toHaveLength(1);
  });
});

describe('whyUnreachable', () => {
  it('is content with one broker of several', async () => {
    const addresses = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await listener()}`];
    expect(await whyUnreachable({ variable: 'KAFKA_BROKERS', server: 'kafka', addresses })).toBeUndefined();
  });

  it('does not offer to run the Redis of one region', async () => {
    const addresses = [`redis://127.0.0.1:${await freePort()}`];
    const why = await whyUnreachable({ variable: 'REDIS_URL_EU', server: 'redis', addresses });
    expect(why).toMatch(/start a Redis there or unset REDIS_URL_EU$/);
  });
});

it.each([
  ['postgres://me:secret@db:5432/shop?password=secret', 'postgres://db:5432/shop'],
  ['redis://:secret@[::1]:6379', 'redis://[::1]:6379'],
  ['127.0.0.1:9092', '127.0.0.1:9092'],
  ['localhost:9092', 'localhost:9092'],
])('shows %s as %s', (address, shown) => {
  expect(withoutPassword(address)).toBe(shown);
});
