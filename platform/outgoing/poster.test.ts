import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPoster, type Poster } from './poster.ts';

const paths: string[] = [];
const server = createServer(answer);
const posters: Poster[] = [];
let port = 0;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  paths.push(path);
  request.resume();
  if (path === '/hang') return;
  if (path === '/moved') response.writeHead(302, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
  else if (path === '/endless') {
    response.writeHead(200);
    const more = setInterval(() => response.write('x'.repeat(1_000)), 1);
    response.on('close', () => clearInterval(more));
  } else if (path === '/drip') response.writeHead(200).write('a\0b');
  else if (path === '/later') response.writeHead(503, { 'retry-after': '7' }).end('later');
  else if (path === '/cut') request.socket.destroy();
  else if (path === '/other')
    request.socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
  else response.writeHead(200).end('fine');
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => {
  for (const poster of posters) poster.close();
  server.closeAllConnections();
  server.close();
});

function poster(given: { isStrict?: boolean; addresses?: readonly string[]; deadlineMs?: number } = {}): Poster {
  const { isStrict = false, addresses, deadlineMs = 5_000 } = given;
  const resolve = addresses === undefined ? {} : { resolve: async () => addresses };
  const made = createPoster({ isStrict, deadlineMs, keptBytes: 4_096, keptConnections: 4, ...resolve });
  posters.push(made);
  return made;
}
const post = (path: string, by = poster()) =>
  by.post({ url: `http://127.0.0.1:${port}${path}`, headers: { 'content-type': 'text/plain' }, body: 'x' });

describe('a call to an address of somebody else', () => {
  it('follows no redirect', async () => {
    expect(await post('/moved')).toMatchObject({ ok: true, status: 302 });
    expect(paths).not.toContain('/elsewhere');
  });

  it('reads so much of the answer and no more', async () => {
    const posted = await post('/endless');
    expect(posted.ok && posted.answer.length).toBe(4_096);
  });

  it('takes the status of an answer that never ends, without what a database cannot hold', async () => {
    expect(await post('/drip')).toMatchObject({ ok: true, status: 200, answer: 'ab' });
  });

  it('ends at its deadline', async () => {
    expect(await post('/hang', poster({ deadlineMs: 100 }))).toMatchObject({ ok: false, failure: 'TIMEOUT' });
  });

  it('ends where the other side would go on in another protocol', async () => {
    expect(await post('/other')).toMatchObject({ ok: false, failure: 'NO_CONNECTION' });
  });

  it('says when to come again, and what went wrong', async () => {
    expect(await post('/later')).toMatchObject({ status: 503, retryAfterMs: 7_000 });
    expect(await post('/cut')).toMatchObject({ ok: false, failure: 'NO_CONNECTION' });
    const nowhere = await poster({ addresses: [] }).post({ url: 'http://gone.example/', headers: {}, body: '' });
    expect(nowhere).toMatchObject({ ok: false, failure: 'NO_ADDRESS' });
  });

  it('uses a connection again, and makes a new one where it was closed meanwhile', async () => {
    const by = poster();
    expect(await post('/fine', by)).toMatchObject({ status: 200 });
    server.closeIdleConnections();
    expect(await post('/fine', by)).toMatchObject({ status: 200 });
  });
});

describe('outside development', () => {
  it.each([['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['::1'], ['169.254.169.254']])(
    'a name that leads to %s is not called',
    async (...addresses) => {
      const before = paths.length;
      const url = `https://shop.example:${port}/hook`;
      const posted = await poster({ isStrict: true, addresses }).post({ url, headers: {}, body: '' });
      expect(posted).toMatchObject({ ok: false, failure: 'INNER_ADDRESS' });
      expect(paths).toHaveLength(before);
    },
  );

  it('neither is an address without a name, nor anything but https', async () => {
    const by = poster({ isStrict: true });
    for (const url of ['https://127.0.0.1/', 'https://[::1]/', `http://shop.example:${port}/`]) {
      expect(await by.post({ url, headers: {}, body: '' })).toMatchObject({ ok: false, failure: 'BAD_ADDRESS' });
    }
  });
});
