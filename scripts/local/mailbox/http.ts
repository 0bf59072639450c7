/** The page, and the same as JSON for tests. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '../../../platform/logging/logger.ts';
import { BOUNDS } from './bounds.ts';
import type { Box, Mail } from './box.ts';
import { framedHtml, goneMailPage, listPage, mailPage } from './page.ts';
import { type Refusals, readRefusals } from './refusals.ts';

const HOST = '127.0.0.1';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Parts {
  readonly box: Box;
  readonly refusals: Refusals;
  readonly log: Logger;
}

export async function startMailboxPage(
  options: Parts & { port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const { port, log } = options;
  const server = createServer((request, response) => {
    answer(request, options)
      .catch((error: unknown) => {
        log.warn({ err: error }, 'a request to the mailbox failed');
        return json(500, { error: 'this failed' });
      })
      .then((found) => send(response, found))
      .catch((error: unknown) => log.debug({ err: error }, 'an answer of the mailbox could not be sent'));
  });
  server.maxConnections = BOUNDS.connections;
  const bound = await new Promise<number>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`the mailbox cannot listen on ${HOST}:${port} (LOCAL_MAILBOX_PORT)`, { cause })),
    );
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
  return {
    url: `http://${HOST}:${bound}`,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function answer(request: IncomingMessage, parts: Parts): Promise<Answer> {
  // A foreign web page may know the port, and a name of its own that leads here.
  const host = request.headers.host ?? '';
  const origin = request.headers.origin;
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) return json(421, { error: 'only for this machine' });
  if (origin !== undefined && origin !== `http://${host}`) return json(403, { error: 'not from other pages' });
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://mailbox');
  const route = `${request.method} ${pathname.replace(/\/mails\/[^/]+/, '/mails/{id}')}`;
  const mail = parts.box.find(/\/mails\/([^/]+)/.exec(pathname)?.[1] ?? '');
  return await act(route, { request, parts, mail, to: searchParams.get('to') ?? undefined });
}

interface Asked {
  readonly request: IncomingMessage;
  readonly parts: Parts;
  readonly mail: Mail | undefined;
  readonly to: string | undefined;
}

async function act(route: string, { request, parts, mail, to }: Asked): Promise<Answer> {
  const { box, refusals } = parts;
  const nonce = randomBytes(16).toString('base64');
  switch (route) {
    case 'GET /':
      return page(200, listPage(box.list(), nonce), nonce);
    case 'GET /mails/{id}':
      return mail === undefined ? page(404, goneMailPage(nonce), nonce) : page(200, mailPage(mail, nonce), nonce);
    case 'GET /mails/{id}/html':
      return mail === undefined ? { status: 404 } : framed(mail);
    case 'POST /delete':
      box.clear();
      return { status: 303, headers: { location: '/' } };
    case 'GET /api/mails':
      return json(200, { items: box.list(to).map(headOf) });
    case 'GET /api/mails/{id}':
      return mail === undefined ? json(404, { error: 'no such mail' }) : json(200, mail);
    case 'DELETE /api/mails':
      box.clear();
      return { status: 204 };
    case 'GET /api/refusals':
      return json(200, { items: refusals.list() });
    case 'PUT /api/refusals': {
      const wanted = readRefusals(await readJson(request));
      if (wanted === undefined) return json(400, { error: 'expected [{ to, code, stage?, times? }, …]' });
      refusals.set(wanted);
      return { status: 204 };
    }
    default:
      return json(404, { error: 'ask for /, /api/mails, /api/mails/{id} or /api/refusals' });
  }
}

function headOf({ id, at, from, to, subject, messageId }: Mail) {
  return { id, at, from, to, subject, messageId };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BOUNDS.requestBytes) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

function page(status: number, body: string, nonce: string): Answer {
  const allowed = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': allowed }, body };
}

function framed(mail: Mail): Answer {
  const allowed =
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': allowed };
  return { status: 200, headers, body: framedHtml(mail) };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...headers,
  });
  response.end(body);
}
