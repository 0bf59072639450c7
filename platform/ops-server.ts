import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readiness } from './health.ts';
import { PLATFORM_LIMITS } from './limits.ts';
import type { Logger } from './logging/logger.ts';
import type { Metrics } from './metrics.ts';

export interface OpsServer {
  /** As it was bound: `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface OpsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** While it is, /ready says no: whoever sends work should send it elsewhere. */
  readonly isStopping: () => boolean;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What operators and orchestrators ask a process: is it alive, can it work, what are its figures. */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const { host, port, log } = options;
  const server = createServer(
    {
      maxHeaderSize: PLATFORM_LIMITS.opsHeaderBytes,
      requestTimeout: PLATFORM_LIMITS.opsRequestTimeoutMs,
      headersTimeout: PLATFORM_LIMITS.opsRequestTimeoutMs,
    },
    (request, response) => {
      answer(request, options)
        .catch((error: unknown) => {
          log.error({ err: error }, 'a question to the ops server failed');
          return json(500, { error: 'INTERNAL' });
        })
        .then((found) => send(request, response, found))
        .catch((error: unknown) => log.error({ err: error }, 'an answer of the ops server could not be sent'));
    },
  );
  server.maxConnections = PLATFORM_LIMITS.opsConnections;
  await listen(server, host, port);
  server.on('error', (error) => log.error({ err: error }, 'ops server'));
  return { url: urlOf(server), close: () => close(server) };
}

async function answer(request: IncomingMessage, options: OpsServerOptions): Promise<Answer> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { error: 'only GET' });
  if (path === '/health') return json(200, { alive: true });
  if (path === '/ready') return await ready(options);
  if (path === '/metrics') {
    const { registry } = options.metrics;
    return { status: 200, type: registry.contentType, body: await registry.metrics() };
  }
  return json(404, { error: 'ask for /health, /ready or /metrics' });
}

async function ready({ readiness, isStopping }: OpsServerOptions): Promise<Answer> {
  if (isStopping()) return json(503, { ready: false, checks: [{ name: 'stop', ok: false, reason: 'stopping' }] });
  const report = await readiness.report();
  return json(report.ready ? 200 : 503, report);
}

function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Error(`the ops server cannot listen on ${host}:${port} (OPS_HOST, OPS_PORT)`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    // Nobody's work depends on a probe: connections kept alive do not hold up the end.
    server.closeAllConnections();
  });
}

function urlOf(server: Server): string {
  const bound = server.address();
  if (!isAddressInfo(bound)) return 'http://[closed]';
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
}

function isAddressInfo(bound: AddressInfo | string | null): bound is AddressInfo {
  return typeof bound === 'object' && bound !== null;
}
