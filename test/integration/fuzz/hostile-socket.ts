/** One socket that sends a script of hostile frames over a bare connection and tells what came of it. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createReader } from './reader.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly dropId: string;
}

export interface SocketScript {
  /** Written in these pieces, wherever they cut a frame. */
  readonly pieces: readonly Buffer[];
  /** Whether to wait for the welcome before the first piece. */
  readonly polite: boolean;
  /** Whether the edge has to end it; otherwise it is left when all pongs have come. */
  readonly edgeEnds: boolean;
  readonly pongs: number;
}

export interface SocketOutcome {
  /** 1006 where the connection was cut without a close frame; `stuck` when nothing came of it in time. */
  readonly code: number | 'left' | 'stuck' | 'not opened';
  readonly pongs: number;
  readonly refusals: number;
}

const CUT = 1006;
const SWITCHING = 'HTTP/1.1 101';
const STUCK_AFTER_MS = 15_000;
/** Source addresses, so that a million connections do not run out of ports. */
const SOURCES = 200;

let opened = 0;

export function runSocket(target: Target, script: SocketScript): Promise<SocketOutcome> {
  return new Promise((resolve) => {
    opened += 1;
    const localAddress = `127.0.1.${1 + (opened % SOURCES)}`;
    const socket = connect({ host: target.host, port: target.port, localAddress, noDelay: true });
    const reader = createReader();
    const { seen } = reader;
    let sent = false;
    const finish = (code: SocketOutcome['code']): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve({ code, pongs: seen.pongs, refusals: seen.refusals });
    };
    const deadline = setTimeout(() => finish('stuck'), STUCK_AFTER_MS);
    const mayStart = (): boolean => !sent && seen.head !== '' && (!script.polite || seen.texts > 0);
    const isOver = (): boolean => sent && !script.edgeEnds && seen.pongs >= script.pongs;
    socket.on('connect', () => {
      socket.write(handshake(target));
    });
    socket.on('data', (chunk) => {
      reader.read(chunk);
      if (mayStart()) {
        sent = true;
        writeAll(socket, script.pieces);
      }
      if (seen.code !== undefined) finish(seen.code);
      else if (isOver()) finish('left');
    });
    // A reset is how a cut looks from here when something was still on its way.
    socket.on('error', () => undefined);
    socket.on('close', () => finish(seen.head.startsWith(SWITCHING) ? (seen.code ?? CUT) : 'not opened'));
  });
}

function handshake({ host, port, dropId }: Target): string {
  const key = randomBytes(16).toString('base64');
  return (
    `GET /v1/drops/${dropId}/line?region=eu HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\n` +
    `Connection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`
  );
}

/** Each piece in a turn of its own, or the system would put them together again. */
function writeAll(socket: Socket, pieces: readonly Buffer[]): void {
  const [piece, ...rest] = pieces;
  if (piece === undefined || socket.destroyed) return;
  socket.write(piece, () => setImmediate(() => writeAll(socket, rest)));
}
