import { hash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/logging/logger.ts';
import { Api, type Reply } from './api.ts';
import { bankPages } from './bank-pages.ts';
import { BOUNDS } from './bounds.ts';
import { NO_SUCH_PATH, readOf, UNAUTHORIZED, writeOf } from './calls.ts';
import { control } from './control.ts';
import type { Asked, Sent } from './exchange.ts';
import { Faults } from './faults.ts';
import { readForm } from './form.ts';
import { newId } from './ids.ts';
import { openJournal } from './journal.ts';
import { Webhooks } from './webhooks.ts';

export interface GatewayOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly apiKey: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly dataDir: string;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, log, clock } = options;
  const { book, journal } = await openJournal(options.dataDir);
  const faults = new Faults();
  const webhooks = new Webhooks({ url: options.webhookUrl, secret: options.webhookSecret, faults, log });
  const renderer = { publicUrl: '' };
  const api = new Api({ book, journal, faults, webhooks, renderer, clock });
  const keyHash = hash('sha256', options.apiKey, 'buffer');
  const isOurs = (request: IncomingMessage) => {
    const given = /^Bearer (?<key>.+)$/.exec(request.headers.authorization ?? '')?.groups?.key ?? '';
    return timingSafeEqual(hash('sha256', given, 'buffer'), keyHash);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    if (body === undefined) return send(response, { status: 413, type: 'text/plain', body: 'too large' });
    const asked = whatIsAsked(request, body);
    if (asked.path.startsWith('/_bank/')) return send(response, await bankPages(asked, api, book));
    if (asked.path.startsWith('/_control/')) return send(response, control(asked, { book, faults, webhooks }));
    const key = onlyOne(request.headers['idempotency-key']);
    await reply(response, isOurs(request) ? await call(api, asked, key) : await api.refuse(UNAUTHORIZED), key);
  };

  const server = createServer({ keepAlive: true, keepAliveTimeout: 75_000, requestTimeout: 30_000 }, (req, res) => {
    answer(req, res).catch((error: unknown) => {
      log.error({ err: error }, 'a call failed');
      res.destroy();
    });
  });
  server.maxConnections = BOUNDS.connections;
  await listen(server, host, options.port);
  const address = server.address();
  const port = isAddress(address) ? address.port : options.port;
  // Where a browser on this machine reaches it, also when it listens on every address of a container.
  renderer.publicUrl = `http://127.0.0.1:${port}`;
  return {
    url: renderer.publicUrl,
    close: async () => {
      api.stop();
      webhooks.stop();
      server.close();
      server.closeAllConnections();
      await journal.close();
    },
  };
}

async function call(api: Api, { method, path, query, body }: Asked, key: string | undefined): Promise<Reply> {
  if (method === 'GET') {
    const read = readOf(path);
    if (read !== undefined) return api.read(read, readForm(query));
  } else if (method === 'POST') {
    const write = writeOf(path);
    if (write !== undefined) return api.write(write, path, readForm(body), key);
  }
  return api.refuse(NO_SUCH_PATH);
}

async function reply(response: ServerResponse, { status, body, isReplay, fate }: Reply, key?: string): Promise<void> {
  if (fate === 'cut') {
    response.destroy();
    return;
  }
  if (fate === 'hold') {
    const timer = setTimeout(() => response.destroy(), BOUNDS.holdMs);
    response.on('close', () => clearTimeout(timer));
    return;
  }
  const headers = {
    'request-id': newId('req'),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(isReplay === true ? { 'idempotent-replayed': 'true' } : {}),
  };
  send(response, { status, type: 'application/json', body: JSON.stringify(body), headers });
}

function send(response: ServerResponse, { status, type, body, headers = {} }: Sent): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

function whatIsAsked(request: IncomingMessage, body: string): Asked {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  return {
    method: request.method ?? 'GET',
    path,
    query,
    contentType: request.headers['content-type'] ?? '',
    body,
  };
}

/** Nothing when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (request.method === 'GET') {
    request.resume();
    return '';
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > BOUNDS.bodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function onlyOne(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header.slice(0, 255) : undefined;
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
