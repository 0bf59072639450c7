/**
 * The only file that touches uWebSockets.js. Its rules, kept here so that nobody else has to know them: a response may
 * not be used after it was aborted, a request not after its handler returned, a socket not after it was closed.
 */
import {
  App,
  type HttpRequest,
  type HttpResponse,
  type us_listen_socket,
  us_listen_socket_close,
  us_socket_local_port,
  type WebSocket,
} from 'uWebSockets.js';
import { LIMITS } from '../../contracts/limits.ts';

export interface Peer {
  send(text: string): void;
  close(code: number, reason: string): void;
  subscribe(topic: string): void;
}

export interface SocketRequest {
  readonly dropId: string;
  readonly region: string | undefined;
}

export interface SocketHandler {
  message(frame: ArrayBuffer, binary: boolean): void;
  closed(): void;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface EdgeServerOptions {
  /** Called for every socket that opens. */
  opened(peer: Peer, request: SocketRequest): SocketHandler;
  /** GET routes by pattern; the handler gets the path's parameters. */
  readonly routes: Readonly<Record<string, (parameters: readonly string[]) => Promise<HttpAnswer>>>;
  onError(error: unknown): void;
  /** More are answered 503; LIMITS.socketsPerEdge unless given. */
  readonly maxSockets?: number;
  /** A frame was not delivered because its reader is too slow. */
  onDropped(): void;
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
}

/** Frames above our own cap still get a reason; beyond this the connection is cut while it is read. */
const HARD_FRAME_BYTES = 4 * LIMITS.socketFrameBytes;

export function createEdgeServer(options: EdgeServerOptions): EdgeServer {
  const { opened, routes, onError, onDropped, maxSockets = LIMITS.socketsPerEdge } = options;
  const app = App();
  let listening: us_listen_socket | undefined;
  let sockets = 0;

  app.ws<SocketData>('/v1/drops/:dropId/line', {
    maxPayloadLength: HARD_FRAME_BYTES,
    maxBackpressure: LIMITS.socketBackpressureBytes,
    closeOnBackpressureLimit: true,
    idleTimeout: LIMITS.socketIdleSeconds,
    sendPingsAutomatically: true,
    upgrade(response, request, context) {
      if (sockets >= maxSockets) {
        write(response, { status: 503, body: { code: 'BUSY' } });
        return;
      }
      const data: SocketData = {
        dropId: request.getParameter(0) ?? '',
        region: request.getQuery('region'),
        open: true,
      };
      response.upgrade(
        data,
        request.getHeader('sec-websocket-key'),
        request.getHeader('sec-websocket-protocol'),
        request.getHeader('sec-websocket-extensions'),
        context,
      );
    },
    open(socket) {
      const data = socket.getUserData();
      sockets += 1;
      data.handler = opened(peerOf(socket, data), data);
    },
    message(socket, frame, binary) {
      socket.getUserData().handler?.message(frame, binary);
    },
    dropped: onDropped,
    close(socket) {
      const data = socket.getUserData();
      data.open = false;
      sockets -= 1;
      data.handler?.closed();
    },
  });

  for (const [pattern, handle] of Object.entries(routes)) {
    const parameters = pattern.split('/').filter((part) => part.startsWith(':')).length;
    app.get(pattern, (response, request) => {
      const values = Array.from({ length: parameters }, (_, at) => request.getParameter(at) ?? '');
      answer(response, handle(values), onError);
    });
  }
  app.any('/*', (response: HttpResponse, _request: HttpRequest) => {
    write(response, { status: 404, body: { code: 'NOT_FOUND' } });
  });

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

function answer(response: HttpResponse, pending: Promise<HttpAnswer>, onError: (error: unknown) => void): void {
  let aborted = false;
  response.onAborted(() => {
    aborted = true;
  });
  const finish = (result: HttpAnswer): void => {
    if (!aborted) response.cork(() => write(response, result));
  };
  pending.then(finish, (error: unknown) => {
    onError(error);
    finish({ status: 500, body: { code: 'INTERNAL' } });
  });
}

function write(response: HttpResponse, { status, body }: HttpAnswer): void {
  response
    .writeStatus(String(status))
    .writeHeader('content-type', 'application/json; charset=utf-8')
    .writeHeader('cache-control', 'no-store')
    .end(JSON.stringify(body));
}
