import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CLOSE } from '../../contracts/close-codes.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createTransportMetrics } from './metrics.ts';
import { createEdgeServer, type EdgeServer, type EdgeServerOptions, type SocketRequest } from './server.ts';

let server: EdgeServer | undefined;
/** Closes what a test opened by hand. */
const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
  server?.close();
});

async function start(options: Partial<EdgeServerOptions> = {}): Promise<string> {
  server = createEdgeServer({
    opened: () => ({ message: () => undefined, closed: () => undefined }),
    routes: {},
    onError: () => undefined,
    onDropped: () => undefined,
    ...options,
  });
  return `127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
}

function open(address: string, query = ''): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${address}/v1/drops/one/line${query}`);
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket));
    socket.addEventListener('error', () => reject(new Error('refused')));
  });
}

const UPGRADE =
  'GET /v1/drops/one/line HTTP/1.1\r\nHost: e\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

describe('the server of the edge', () => {
  it('says what a socket was opened for', async () => {
    const requests: SocketRequest[] = [];
    const address = await start({
      opened: (_peer, request) => {
        requests.push(request);
        return { message: () => undefined, closed: () => undefined };
      },
    });
    (await open(address, '?region=eu')).close();
    (await open(address)).close();
    expect(requests).toMatchObject([
      { dropId: 'one', region: 'eu' },
      { dropId: 'one', region: undefined },
    ]);
  });

  it('takes no more sockets than it may, and another one when one has gone', async () => {
    const closed = Promise.withResolvers<void>();
    const address = await start({
      maxSockets: 1,
      opened: () => ({ message: () => undefined, closed: closed.resolve }),
    });
    const first = await open(address);
    await expect(open(address)).rejects.toThrow('refused');
    first.close();
    await closed.promise;
    (await open(address)).close();
  });

  it('answers a request that fails with 500 and tells of it, and lets one go that was given up', async () => {
    const errors: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    const address = await start({
      onError: (error) => errors.push(error),
      routes: {
        '/fails': () => Promise.reject(new Error('no')),
        '/slow/:name': async ([name]) => {
          await gate.promise;
          return { status: 200, body: { name } };
        },
      },
    });
    const failed = await fetch(`http://${address}/fails`);
    expect([failed.status, await failed.json()]).toMatchObject([500, { code: 'INTERNAL', status: 500 }]);
    expect(errors).toHaveLength(1);

    const given = new AbortController();
    const abandoned = fetch(`http://${address}/slow/a`, { signal: given.signal });
    const waited = fetch(`http://${address}/slow/b`);
    given.abort();
    await expect(abandoned).rejects.toThrow();
    gate.resolve();
    expect(await (await waited).json()).toEqual({ name: 'b' });
  });

  it('tells all who subscribed, and nobody else', async () => {
    const address = await start({
      opened: (peer, { region }) => {
        if (region === 'eu') peer.subscribe('news');
        peer.send('hello');
        return { message: () => undefined, closed: () => undefined };
      },
    });
    const heard: string[] = [];
    const said = (who: string) => (event: MessageEvent) => heard.push(`${who} ${String(event.data)}`);
    const [eu, asia] = await Promise.all([open(address, '?region=eu'), open(address, '?region=asia')]);
    eu.addEventListener('message', said('eu'));
    asia.addEventListener('message', said('asia'));
    server?.publish('news', 'sold out');
    await expect.poll(() => heard).toContain('eu sold out');
    expect(heard).not.toContain('asia sold out');
    eu.close();
    asia.close();
  });

  it('goes on when a handler fails, and ends only the socket that it failed for', async () => {
    const errors: unknown[] = [];
    const address = await start({
      onError: (error) => errors.push(error),
      opened: (_peer, { region }) => {
        if (region === 'broken') throw new Error('opened');
        return {
          message: () => {
            throw new Error('message');
          },
          closed: () => {
            throw new Error('closed');
          },
        };
      },
    });
    const broken = await open(address, '?region=broken');
    expect(await codeOf(broken)).toBe(CLOSE.INTERNAL);
    const [one, two] = [await open(address), await open(address)];
    one.send('x');
    expect(await codeOf(one)).toBe(CLOSE.INTERNAL);
    expect(two.readyState).toBe(WebSocket.OPEN);
    two.close();
    await expect
      .poll(() => errors.map(String))
      .toEqual(['opened', 'message', 'closed', 'closed'].map((at) => `Error: ${at}`));
  });

  it('does not answer more pings of the protocol than frames', async () => {
    const address = await start({ clock: { now: () => 0 } });
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    opened.push(() => socket.destroy());
    await once(socket, 'connect');
    socket.write(UPGRADE);
    await once(socket, 'data');
    const heard: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => heard.push(chunk));
    const { capacity } = LIMITS.framesPerSocket;
    socket.write(Buffer.concat(Array.from({ length: capacity + 10 }, () => Buffer.from([0x89, 0x80, 0, 0, 0, 0]))));
    await once(socket, 'close');
    const answer = Buffer.concat(heard);
    const pongs = answer.indexOf(Buffer.from([0x88]));
    expect(pongs / 2).toBeLessThanOrEqual(capacity + 1);
    expect(answer.readUInt16BE(pongs + 2)).toBe(CLOSE.RATE_LIMITED);
  });

  it('cuts a reader that does not read before it costs more than it may', async () => {
    const gone = Promise.withResolvers<void>();
    const dropped: true[] = [];
    let sent = 0;
    const address = await start({
      onDropped: () => void dropped.push(true),
      opened: (peer) => ({
        message: () => {
          const text = 'x'.repeat(LIMITS.socketFrameBytes);
          // Far more than the system's own buffers take.
          for (let at = 0; at < 10_000 && dropped.length === 0; at += 1) {
            peer.send(text);
            sent += text.length;
          }
        },
        closed: gone.resolve,
      }),
    });
    const [host, port] = address.split(':');
    const slow = connect(Number(port), host);
    slow.on('error', () => undefined);
    await once(slow, 'connect');
    slow.write(UPGRADE);
    await once(slow, 'data');
    slow.pause();
    slow.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]));
    await gone.promise;
    expect(dropped).toHaveLength(1);
    expect(sent).toBeLessThan(10_000 * LIMITS.socketFrameBytes);
    slow.destroy();
  });

  it('says so when it cannot listen', async () => {
    server = undefined;
    await expect(start().then(() => server?.listen('203.0.113.1', 1))).rejects.toThrow(
      'Cannot listen on 203.0.113.1:1',
    );
  });
});

function codeOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)));
}

/** The answer to an upgrade with these headers, which a browser's WebSocket does not let one see. */
async function upgrade(address: string, path: string, headers: Record<string, string>): Promise<string> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  const asked = { host: 'e', upgrade: 'websocket', connection: 'Upgrade', ...headers };
  const lines = Object.entries({
    ...asked,
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const [answer]: unknown[] = await once(socket, 'data');
  opened.push(() => socket.destroy());
  return String(answer);
}

describe('who is not let in', () => {
  const LINE = '/v1/drops/one/line';
  const behindProxy = { trustedProxies: ['127.0.0.1'] };
  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('is a page of another origin; who sends none is no browser', async () => {
    const address = await start({ access: { origins: ['https://shop.example'] } });
    expect(await upgrade(address, LINE, { origin: 'https://evil.example' })).toMatch(
      /^HTTP\/1.1 403[\s\S]*"FORBIDDEN"/,
    );
    expect(await upgrade(address, LINE, { origin: 'https://shop.example' })).toMatch(/^HTTP\/1.1 101/);
    expect(await upgrade(address, LINE, {})).toMatch(/^HTTP\/1.1 101/);
  });

  it('is who puts a token into the address', async () => {
    const address = await start();
    expect(await upgrade(address, `${LINE}?region=eu&token=abc`, {})).toMatch(
      /^HTTP\/1.1 400[\s\S]*never in the address/,
    );
  });

  it('is who has as many sockets as one address may have, until one has gone', async () => {
    const metrics = createMetrics('test');
    const address = await start({
      access: { ...behindProxy, socketsPerAddress: 2 },
      metrics: createTransportMetrics(metrics),
    });
    const one = (client: string) => upgrade(address, LINE, from(client));
    expect(await one('198.51.100.1')).toMatch(/^HTTP\/1.1 101/);
    expect(await one('198.51.100.1')).toMatch(/^HTTP\/1.1 101/);
    expect(await one('198.51.100.1')).toMatch(/^HTTP\/1.1 429[\s\S]*retry-after: \d[\s\S]*"RATE_LIMITED"/);
    expect(await one('198.51.100.2')).toMatch(/^HTTP\/1.1 101/);
    expect(await metrics.registry.metrics()).toContain('why="sockets of one address",process="test"} 1');
    opened.splice(0, 1)[0]?.();
    await expect.poll(() => one('198.51.100.1')).toMatch(/^HTTP\/1.1 101/);
  });

  it('is who opens them too fast, with all of its IPv6 network', async () => {
    const address = await start({ access: { ...behindProxy, socketsPerAddress: 1e6 }, clock: { now: () => 0 } });
    const answers: string[] = [];
    for (let at = 0; at <= LIMITS.openingsPerAddress.capacity; at += 1) {
      answers.push((await upgrade(address, LINE, from(`2001:db8::${at.toString(16)}`))).slice(9, 12));
    }
    expect(answers.pop()).toBe('429');
    expect(new Set(answers)).toEqual(new Set(['101']));
    expect(await upgrade(address, LINE, from('2001:db8:0:1::1'))).toMatch(/^HTTP\/1.1 101/);
  });

  it('is who connects and says nothing, once there are too many of them', async () => {
    const address = await start({ maxSockets: 1 });
    const [host, port] = address.split(':');
    const silent: Socket[] = [];
    const connectMore = async (count: number): Promise<void> => {
      const more = Array.from({ length: count }, () => connect(Number(port), host));
      silent.push(...more);
      for (const socket of more) {
        opened.push(() => socket.destroy());
        socket.on('error', () => undefined);
        // A socket that nobody reads does not notice its end.
        socket.resume();
      }
      await Promise.all(more.map((socket) => once(socket, 'connect')));
    };
    // In two steps, as more at once than the system's queue takes would wait for a second.
    await connectMore(LIMITS.httpConnectionsPerEdge / 2);
    await connectMore(LIMITS.httpConnectionsPerEdge / 2 + 21);
    await expect.poll(() => silent.filter(({ closed }) => closed).length).toBe(20);
  });
});
