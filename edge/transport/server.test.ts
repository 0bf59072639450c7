import { afterEach, describe, expect, it } from 'vitest';
import { createEdgeServer, type EdgeServer, type EdgeServerOptions, type SocketRequest } from './server.ts';

let server: EdgeServer | undefined;
afterEach(() => server?.close());

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

  it('says so when it cannot listen', async () => {
    server = undefined;
    await expect(start().then(() => server?.listen('203.0.113.1', 1))).rejects.toThrow(
      'Cannot listen on 203.0.113.1:1',
    );
  });
});
