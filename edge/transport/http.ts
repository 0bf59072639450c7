/**
 * HTTP beside the sockets: routes, bodies, answers. With server.ts the only file that touches uWebSockets.js, whose rules
 * are kept here: a request may not be read after its handler returned, a response not be used after it was aborted.
 */
import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { LIMITS } from '../../contracts/limits.ts';
import type { AddressRules } from './address.ts';
import type { Door } from './door.ts';
import type { TransportMetrics } from './metrics.ts';
import type { Origins } from './origins.ts';
import { type HttpAnswer, problem } from './problem.ts';

export interface HttpQuestion {
  /** Of the client, as far as the proxies that we trust tell the truth. */
  readonly address: string;
  /** Empty where the header was not sent. */
  readonly authorization: string;
  readonly idempotencyKey: string;
  /** The JSON of the body; undefined where there was none. */
  readonly body: unknown;
}

export type HttpHandler = (parameters: readonly string[], question: HttpQuestion) => Promise<HttpAnswer>;
/** By `POST /v1/drops/:dropId/claims`; without a method it is GET. */
export type Routes = Readonly<Record<string, HttpHandler>>;

export interface HttpOptions {
  readonly routes: Routes;
  readonly addresses: AddressRules;
  readonly origins: Origins;
  readonly door: Door;
  readonly metrics: TransportMetrics;
  onError(error: unknown): void;
}

/** A request on its way: what was read of it while it could be, and whether its client is still there. */
interface Exchange {
  readonly response: HttpResponse;
  readonly origin: string;
  gone: boolean;
}

const BODYLESS = new Set(['GET', 'HEAD', 'DELETE']);

export function serveHttp(app: TemplatedApp, options: HttpOptions): void {
  for (const [pattern, byMethod] of patternsOf(options.routes)) {
    const parameters = pattern.split('/').filter((part) => part.startsWith(':')).length;
    app.any(pattern, (response, request) => {
      guarded(options, response, request, (exchange, method) => {
        const handle = byMethod.get(method);
        if (handle === undefined) {
          const { body, ...rest } = problem('METHOD_NOT_ALLOWED');
          write(options, exchange, { ...rest, body, headers: { allow: [...byMethod.keys()].join(', ') } });
          return;
        }
        const values = Array.from({ length: parameters }, (_, at) => request.getParameter(at) ?? '');
        receive(options, exchange, request, method, (question) => handle(values, question));
      });
    });
  }
  app.any('/*', (response, request) => {
    guarded(options, response, request, (exchange) => write(options, exchange, problem('NOT_FOUND')));
  });
}

function patternsOf(routes: Routes): Map<string, Map<string, HttpHandler>> {
  const patterns = new Map<string, Map<string, HttpHandler>>();
  for (const [route, handle] of Object.entries(routes)) {
    const [first = '', second] = route.split(' ');
    const [method, pattern] = second === undefined ? ['GET', first] : [first, second];
    const byMethod = patterns.get(pattern) ?? new Map<string, HttpHandler>();
    byMethod.set(method, handle);
    patterns.set(pattern, byMethod);
  }
  return patterns;
}

/** What every request goes through: it may be given up, come from a page that may not ask, or from who asks too much. */
function guarded(
  options: HttpOptions,
  response: HttpResponse,
  request: HttpRequest,
  serve: (exchange: Exchange, method: string) => void,
): void {
  const { origins, door, addresses, metrics, onError } = options;
  const exchange: Exchange = { response, origin: request.getHeader('origin'), gone: false };
  response.onAborted(() => {
    exchange.gone = true;
  });
  try {
    if (!origins.allows(exchange.origin)) {
      metrics.refused('origin');
      write(options, exchange, problem('FORBIDDEN', { detail: 'This origin may not speak to the edge.' }));
      return;
    }
    const method = request.getMethod().toUpperCase();
    if (method === 'OPTIONS' && exchange.origin !== '') {
      write(options, exchange, { status: 204, body: undefined });
      return;
    }
    const entry = door.mayAsk(addresses.clientOf(response.getRemoteAddress(), request.getHeader('x-forwarded-for')));
    if (!entry.ok) {
      metrics.refused(entry.why);
      write(options, exchange, problem(entry.code, { retryAfterMs: entry.retryAfterMs }));
      return;
    }
    serve(exchange, method);
  } catch (error) {
    onError(error);
    write(options, exchange, problem('INTERNAL'));
  }
}

/** Reads the body as far as it may reach, then asks the handler. */
function receive(
  options: HttpOptions,
  exchange: Exchange,
  request: HttpRequest,
  method: string,
  handle: (question: HttpQuestion) => Promise<HttpAnswer>,
): void {
  const { response } = exchange;
  const head = {
    address: options.addresses.clientOf(response.getRemoteAddress(), request.getHeader('x-forwarded-for')),
    authorization: request.getHeader('authorization'),
    idempotencyKey: request.getHeader('idempotency-key'),
  };
  if (BODYLESS.has(method)) settle(options, exchange, () => handle({ ...head, body: undefined }));
  else if (Number(request.getHeader('content-length')) > LIMITS.httpBodyBytes) tooLarge(options, exchange);
  else readBody(options, exchange, (body) => handle({ ...head, body }));
}

function readBody(options: HttpOptions, exchange: Exchange, handle: (body: unknown) => Promise<HttpAnswer>): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  exchange.response.onData((chunk, isLast) => {
    if (exchange.gone) return;
    bytes += chunk.byteLength;
    if (bytes > LIMITS.httpBodyBytes) {
      tooLarge(options, exchange);
      return;
    }
    // The chunk is taken away when this returns.
    chunks.push(Buffer.from(new Uint8Array(chunk)));
    if (!isLast) return;
    const parsed = jsonOf(Buffer.concat(chunks));
    if (parsed.ok) settle(options, exchange, () => handle(parsed.value));
    else write(options, exchange, problem('INVALID', { detail: 'The body is not JSON.' }));
  });
}

function jsonOf(body: Buffer): { ok: true; value: unknown } | { ok: false } {
  if (body.length === 0) return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch {
    return { ok: false };
  }
}

/** The rest of the body is not waited for: the connection ends with the answer. */
function tooLarge(options: HttpOptions, exchange: Exchange): void {
  const detail = `A body may have ${LIMITS.httpBodyBytes} bytes.`;
  write(options, exchange, problem('TOO_LARGE', { detail }), { closes: true });
}

function settle(options: HttpOptions, exchange: Exchange, work: () => Promise<HttpAnswer>): void {
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      options.onError(error);
      return problem('INTERNAL');
    })
    .then((answer) => write(options, exchange, answer))
    .catch(options.onError);
}

function write(
  options: Pick<HttpOptions, 'origins' | 'metrics'>,
  exchange: Exchange,
  answer: HttpAnswer,
  { closes = false } = {},
): void {
  if (exchange.gone) return;
  exchange.gone = true;
  options.metrics.answered(answer.status);
  sendAnswer(exchange.response, answer, options.origins.headers(exchange.origin), closes);
}

/** Also for the refusal of an upgrade, which is an answer over HTTP. */
export function sendAnswer(
  response: HttpResponse,
  { status, body, type = 'application/json', headers = {} }: HttpAnswer,
  more: readonly (readonly [string, string])[],
  closes = false,
): void {
  response.cork(() => {
    response.writeStatus(String(status));
    for (const [name, value] of [...more, ...Object.entries(headers)]) response.writeHeader(name, value);
    response.writeHeader('cache-control', 'no-store');
    if (body === undefined) {
      response.endWithoutBody(undefined, closes);
      return;
    }
    response.writeHeader('content-type', `${type}; charset=utf-8`);
    response.end(JSON.stringify(body), closes);
  });
}
