import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { createEdgeServer, type EdgeServer, type EdgeServerOptions, type HttpQuestion, problem } from './server.ts';

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
  return `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
}

function echo(): { asked: HttpQuestion[]; routes: EdgeServerOptions['routes'] } {
  const asked: HttpQuestion[] = [];
  const handle = async (parameters: readonly string[], question: HttpQuestion) => {
    asked.push(question);
    return { status: 200, body: { parameters } };
  };
  return { asked, routes: { 'POST /v1/drops/:id/claims': handle, 'DELETE /v1/drops/:id/tickets/:ticket': handle } };
}

/** What a server answers to bytes that no client library would send. */
function raw(address: string, bytes: string, { andEnd = false } = {}): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(Number(port), hostname, () => (andEnd ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

describe('HTTP of the edge', () => {
  it('gives a handler the parameters, headers, body and address', async () => {
    const { asked, routes } = echo();
    const url = await start({ routes });
    const answer = await fetch(`${url}/v1/drops/one/claims`, {
      method: 'POST',
      headers: { authorization: 'Bearer pass', 'idempotency-key': 'k', 'content-type': 'application/json' },
      body: JSON.stringify({ sku: 'S', text: '…' }),
    });
    expect(await answer.json()).toEqual({ parameters: ['one'] });
    expect(asked).toEqual([
      { address: '127.0.0.1', authorization: 'Bearer pass', idempotencyKey: 'k', body: { sku: 'S', text: '…' } },
    ]);
    const gone = await fetch(`${url}/v1/drops/one/tickets/t`, { method: 'DELETE' });
    expect(await gone.json()).toEqual({ parameters: ['one', 't'] });
    expect(asked[1]).toEqual({ address: '127.0.0.1', authorization: '', idempotencyKey: '', body: undefined });
  });

  it('refuses with problem documents', async () => {
    const url = await start({
      routes: {
        ...echo().routes,
        '/busy': async () => problem('BUSY', { retryAfterMs: 1_200, more: { challenge: 'c' } }),
      },
    });
    const busy = await fetch(`${url}/busy`);
    expect([busy.status, busy.headers.get('content-type'), busy.headers.get('retry-after')]).toEqual([
      503,
      'application/problem+json; charset=utf-8',
      '2',
    ]);
    expect(await busy.json()).toMatchObject({
      type: 'urn:dropgate:BUSY',
      status: 503,
      retryAfterMs: 1_200,
      challenge: 'c',
    });
    const wrong = await fetch(`${url}/v1/drops/one/claims`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await wrong.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    expect(await (await fetch(`${url}/nothing`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    const post = (body: string | Uint8Array<ArrayBuffer>) =>
      fetch(`${url}/v1/drops/one/claims`, { method: 'POST', body });
    for (const body of ['{', '\u0000', Uint8Array.of(0xff, 0xfe)]) {
      const answer = await post(body);
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'INVALID' }]);
    }
    expect((await post('')).status).toBe(200);
  });

  it('takes a body up to its limit and no further, announced or not', async () => {
    const { asked, routes } = echo();
    const url = await start({ routes });
    const body = JSON.stringify('x'.repeat(LIMITS.httpBodyBytes - 2));
    expect((await fetch(`${url}/v1/drops/one/claims`, { method: 'POST', body })).status).toBe(200);
    const head = 'POST /v1/drops/one/claims HTTP/1.1\r\nHost: e\r\n';
    const announced = await raw(url, `${head}Content-Length: 99999999\r\n\r\n`);
    expect(announced).toMatch(/^HTTP\/1.1 413[\s\S]*"code":"TOO_LARGE"/);
    const chunk = `${(60_000).toString(16)}\r\n${'x'.repeat(60_000)}\r\n`;
    const streamed = await raw(url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}`);
    expect(streamed).toMatch(/^HTTP\/1.1 413/);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a head without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`],
    ['a length that is no number', 'POST /v1/drops/one/claims HTTP/1.1\r\nHost: e\r\nContent-Length: -5\r\n\r\nabc'],
    [
      'two lengths',
      'POST /v1/drops/one/claims HTTP/1.1\r\nHost: e\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['bytes of nothing', '\u0000\u0001\u0002\r\n\r\n'],
  ])('is not upset by %s', async (_what, bytes) => {
    const { asked, routes } = echo();
    const url = await start({ routes });
    await raw(url, bytes, { andEnd: true });
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe('a page of another origin', () => {
  const access = { origins: ['https://shop.example'] };
  const claims = (url: string) => `${url}/v1/drops/one/claims`;

  it('may ask when it is allowed, and is told so', async () => {
    const url = await start({ routes: echo().routes, access });
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
    const before = await fetch(claims(url), { method: 'OPTIONS', headers });
    expect(before.status).toBe(204);
    expect(before.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(before.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    expect(before.headers.get('vary')).toBe('Origin');
    const asked = await fetch(claims(url), { method: 'POST', headers });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([200, 'https://shop.example']);
    expect((await fetch(claims(url), { method: 'POST' })).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may not when it is not', async () => {
    const { asked, routes } = echo();
    const url = await start({ routes, access });
    for (const origin of ['https://evil.example', 'null', 'https://shop.example.evil.example', 'http://shop.example']) {
      for (const method of ['OPTIONS', 'POST']) {
        const answer = await fetch(claims(url), { method, headers: { origin } });
        expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
      }
    }
    expect(asked).toEqual([]);
  });
});

describe('one address', () => {
  const behindProxy = { trustedProxies: ['127.0.0.1'] };
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

  it('asks so often and no more, others as before', async () => {
    const url = await start({
      routes: { '/x': async () => ({ status: 200, body: {} }) },
      access: behindProxy,
      clock: { now: () => 0 },
    });
    const { capacity } = LIMITS.requestsPerAddress;
    const ask = async (address: string) => (await fetch(`${url}/x`, from(address))).status;
    const answers: number[] = [];
    for (let at = 0; at < capacity + 1; at += 1) answers.push(await ask('198.51.100.1'));
    expect(answers.filter((status) => status === 200)).toHaveLength(capacity);
    expect(answers.at(-1)).toBe(429);
    expect(await ask('198.51.100.2')).toBe(200);
  });
});
