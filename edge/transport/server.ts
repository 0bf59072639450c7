/**
 * The sockets of an edge. With http.ts the only file that touches uWebSockets.js; its rules are kept here so that nobody
 * else has to know them: a socket may not be used after it was closed, a request not after its handler returned, and an
 * exception in one of its callbacks would end the process.
 */
import {
  App,
  type HttpRequest,
  type HttpResponse,
  type us_listen_socket,
  us_listen_socket_close,
  type us_socket_context_t,
  us_socket_local_port,
  type WebSocket,
} from 'uWebSockets.js';
import { CLOSE } from '../../contracts/close-codes.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { type Bucket, takeFrom } from '../defence/buckets.ts';
import { createAddressRules } from './address.ts';
import { createDoor } from './door.ts';
import { type Routes, sendAnswer, serveHttp } from './http.ts';
import { silentTransport, type TransportMetrics } from './metrics.ts';
import { createOrigins } from './origins.ts';
import { problem } from './problem.ts';

export type { HttpHandler, HttpQuestion, Routes } from './http.ts';
export { type HttpAnswer, problem } from './problem.ts';

export interface Peer {
  send(text: string): void;
  close(code: number, reason: string): void;
  subscribe(topic: string): void;
}

export interface SocketRequest {
  readonly dropId: string;
  readonly region: string | undefined;
  /** Of the client, as far as the proxies that we trust tell the truth. */
  readonly address: string;
}

export interface SocketHandler {
  message(frame: ArrayBuffer, binary: boolean): void;
  closed(): void;
}

export interface EdgeServerOptions {
  /** Called for every socket that opens. */
  opened(peer: Peer, request: SocketRequest): SocketHandler;
  readonly routes: Routes;
  onError(error: unknown): void;
  /** A frame was not delivered because its reader is too slow: the socket is cut. */
  onDropped(): void;
  readonly clock?: Clock;
  readonly metrics?: TransportMetrics;
  /** More are answered 503; LIMITS.socketsPerEdge unless given. */
  readonly maxSockets?: number;
  readonly access?: AccessOptions;
}

/** Who may speak to this edge, from where; what is not given is as in development. */
export interface AccessOptions {
  /** `*` unless given. */
  readonly origins?: readonly string[];
  /** Whose X-Forwarded-For is believed; nobody's unless given. */
  readonly trustedProxies?: readonly string[];
  /** What is not counted by address; this machine unless given. */
  readonly unlimited?: readonly string[];
  /** LIMITS.socketsPerAddress unless given. */
  readonly socketsPerAddress?: number;
}

export interface EdgeServer {
  /** One frame for everybody who subscribed to the topic. */
  publish(topic: string, text: string): void;
  /** Resolves with the port, chosen by the system where 0 is asked for; several processes may share one. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no more connections; those that are open stay. */
  stopListening(): void;
  close(): void;
}

interface SocketData extends SocketRequest {
  handler?: SocketHandler;
  open: boolean;
  /** The pings of the protocol itself, which the library answers before anybody here hears of them. */
  pings?: Bucket;
}

/** Frames above our own cap still get a reason; beyond this the connection is cut while it is read. */
const HARD_FRAME_BYTES = 4 * LIMITS.socketFrameBytes;
export const THIS_MACHINE = ['127.0.0.0/8', '::1'] as const;
/** An address is written to logs and histories on its way here: what lets somebody in has no place in it. */
const SECRET_IN_QUERY = /(^|&)(token|access_token|ticket|pass|proof)=/i;

export function createEdgeServer(options: EdgeServerOptions): EdgeServer {
  const { opened, routes, onError, onDropped, metrics = silentTransport, access = {}, clock = systemClock } = options;
  const app = App();
  let listening: us_listen_socket | undefined;
  const maxSockets = options.maxSockets ?? LIMITS.socketsPerEdge;
  const addresses = createAddressRules(access.trustedProxies ?? []);
  const origins = createOrigins(access.origins ?? ['*']);
  const door = createDoor({
    clock,
    maxSockets,
    socketsPerAddress: access.socketsPerAddress ?? LIMITS.socketsPerAddress,
    unlimited: access.unlimited ?? THIS_MACHINE,
  });

  /** Why this request may not become a socket. */
  function turnsAway(address: string, origin: string, request: HttpRequest): ReturnType<typeof problem> | undefined {
    if (!origins.allows(origin)) {
      metrics.refused('origin');
      return problem('FORBIDDEN', { detail: 'This origin may not speak to the edge.' });
    }
    if (SECRET_IN_QUERY.test(request.getQuery())) {
      metrics.refused('token in url');
      return problem('INVALID', { detail: 'Tokens travel in messages, never in the address.' });
    }
    const entry = door.mayOpen(address);
    if (entry.ok) return undefined;
    metrics.refused(entry.why);
    return problem(entry.code, { retryAfterMs: entry.retryAfterMs });
  }

  function upgrade(response: HttpResponse, request: HttpRequest, context: us_socket_context_t): void {
    const address = addresses.clientOf(response.getRemoteAddress(), request.getHeader('x-forwarded-for'));
    const origin = request.getHeader('origin');
    const refusal = turnsAway(address, origin, request);
    if (refusal !== undefined) {
      sendAnswer(response, refusal, origins.headers(origin));
      return;
    }
    const data: SocketData = {
      dropId: request.getParameter(0) ?? '',
      region: request.getQuery('region'),
      address,
      open: true,
    };
    response.upgrade(
      data,
      request.getHeader('sec-websocket-key'),
      request.getHeader('sec-websocket-protocol'),
      request.getHeader('sec-websocket-extensions'),
      context,
    );
  }

  // A connection is counted from its first byte: who connects and says nothing takes a file of this process as well.
  let connections = 0;
  const count = (response: HttpResponse, change: number): void => {
    connections += change;
    if (change > 0 && connections > maxSockets + LIMITS.httpConnectionsPerEdge) response.close();
  };
  app.filter(count);

  app.ws<SocketData>('/v1/drops/:dropId/line', {
    maxPayloadLength: HARD_FRAME_BYTES,
    maxBackpressure: LIMITS.socketBackpressureBytes,
    closeOnBackpressureLimit: true,
    idleTimeout: LIMITS.socketIdleSeconds,
    sendPingsAutomatically: true,
    upgrade(response, request, context) {
      try {
        upgrade(response, request, context);
      } catch (error) {
        onError(error);
        response.close();
      }
    },
    open(socket) {
      const data = socket.getUserData();
      door.opened(data.address);
      contained(socket, data, onError, () => {
        data.handler = opened(peerOf(socket, data), data);
      });
    },
    message(socket, frame, binary) {
      metrics.frame();
      const data = socket.getUserData();
      contained(socket, data, onError, () => data.handler?.message(frame, binary));
    },
    ping(socket) {
      metrics.frame();
      const data = socket.getUserData();
      data.pings ??= { fullAtMs: 0 };
      if (takeFrom(data.pings, LIMITS.framesPerSocket, 1, clock.now()).ok || !data.open) return;
      socket.end(CLOSE.RATE_LIMITED, 'RATE_LIMITED');
    },
    dropped() {
      onDropped();
    },
    close(socket, code) {
      const data = socket.getUserData();
      data.open = false;
      connections -= 1; // What became a socket does not come through the filter again.
      door.closed(data.address);
      metrics.closed(code);
      contained(socket, data, onError, () => data.handler?.closed());
    },
  });
  serveHttp(app, { routes, addresses, origins, door, metrics, onError });

  return {
    publish: (topic, text) => void app.publish(topic, text),
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        app.listen(host, port, (socket) => {
          if (socket === false) {
            reject(new Error(`Cannot listen on ${host}:${port}: another process has it, or the address is not ours.`));
            return;
          }
          listening = socket;
          resolve(us_socket_local_port(socket));
        });
      }),
    stopListening() {
      if (listening !== undefined) us_listen_socket_close(listening);
      listening = undefined;
    },
    close() {
      app.close();
    },
  };
}

/** What fails for one socket ends this socket, and nothing else. */
function contained(
  socket: WebSocket<SocketData>,
  data: SocketData,
  onError: (error: unknown) => void,
  work: () => void,
): void {
  try {
    work();
  } catch (error) {
    onError(error);
    if (data.open) socket.end(CLOSE.INTERNAL, 'INTERNAL');
  }
}

function peerOf(socket: WebSocket<SocketData>, data: SocketData): Peer {
  return {
    send: (text) => {
      if (data.open) socket.send(text);
    },
    close: (code, reason) => {
      if (data.open) socket.end(code, reason);
    },
    subscribe: (topic) => {
      if (data.open) socket.subscribe(topic);
    },
  };
}
