/**
 * A WebSocket client over node:net, for generators of load. Node's own WebSocket cannot choose its source address, and
 * costs several times as much memory and time for each frame; both would be measured as if they were the edge's.
 */
import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createFrameReader, encodeFrame, encodeTextFrame, OPCODE } from './frames.ts';

export interface LineSocketOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Where the connection comes from. On Linux all of 127.0.0.0/8 is this machine. */
  readonly localAddress?: string;
  /** A text frame; its bytes are only good during the call. */
  onText(bytes: Buffer, from: number, to: number): void;
  /** Not called for a socket that never opened, nor after `close` was. */
  onClosed(code: number): void;
}

export interface LineSocket {
  send(text: string): void;
  close(): void;
}

/** The connection broke without a close frame (RFC 6455, 7.4.1). */
const ABNORMAL = 1_006;
const OPEN_DEADLINE_MS = 30_000;
const END_OF_HEAD = '\r\n\r\n';
const MOST_HEAD_BYTES = 4_096;
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** One for all sockets of a process: each takes out what it has read before the next one reads. */
const readInto = Buffer.alloc(64 * 1_024);
const key = randomBytes(16).toString('base64');
const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');

/** Resolves when the edge has agreed to speak WebSocket. */
export function openLineSocket(options: LineSocketOptions): Promise<LineSocket> {
  const { host, port, path, localAddress, onText, onClosed } = options;
  const opening = Promise.withResolvers<LineSocket>();
  let state: 'opening' | 'open' | 'closed' = 'opening';
  let head = '';
  let code = ABNORMAL;

  const reader = createFrameReader((opcode, bytes, from, to) => {
    if (state !== 'open') return;
    if (opcode === OPCODE.text) onText(bytes, from, to);
    else if (opcode === OPCODE.ping) socket.write(encodeFrame(OPCODE.pong, bytes.subarray(from, to)));
    else if (opcode === OPCODE.close) {
      if (to - from >= 2) code = bytes.readUInt16BE(from);
      socket.end(encodeFrame(OPCODE.close, bytes.subarray(from, to)));
    }
  });
  const socket: Socket = connect({
    host,
    port,
    noDelay: true,
    ...(localAddress === undefined ? {} : { localAddress }),
    onread: {
      buffer: readInto,
      callback(count, bytes) {
        received(Buffer.from(bytes.buffer, bytes.byteOffset, count));
        return true;
      },
    },
  });
  const lateOpening = setTimeout(() => fail(`not open within ${OPEN_DEADLINE_MS} ms`), OPEN_DEADLINE_MS);

  function fail(reason: string): void {
    clearTimeout(lateOpening);
    socket.destroy();
    opening.reject(new Error(`No line at ${host}:${port}: ${reason}`));
    over();
  }

  function received(chunk: Buffer): void {
    try {
      if (state === 'opening') readHead(chunk);
      else if (state === 'open') reader.read(chunk);
    } catch (error) {
      if (state === 'opening') fail(String(error));
      else socket.destroy();
    }
  }

  function readHead(chunk: Buffer): void {
    const before = head.length;
    head += chunk.toString('latin1');
    const end = head.indexOf(END_OF_HEAD);
    if (end === -1) {
      if (head.length > MOST_HEAD_BYTES) fail('its answer has no end');
      return;
    }
    const answer = head.slice(0, end);
    head = '';
    if (!answer.startsWith('HTTP/1.1 101 ') || !answer.includes(accept)) {
      fail(`answered ${answer.split('\r\n', 1)[0] ?? ''}`);
      return;
    }
    clearTimeout(lateOpening);
    state = 'open';
    opening.resolve(line);
    // Frames may follow in the same bytes, but whoever asked for the socket does not have it yet: their next turn.
    const follow = Buffer.from(chunk.subarray(end + END_OF_HEAD.length - before));
    if (follow.length > 0) queueMicrotask(() => received(follow));
  }

  function over(): void {
    const wasOpen = state === 'open';
    state = 'closed';
    if (wasOpen) onClosed(code);
  }

  const line: LineSocket = {
    send(text) {
      if (state === 'open') socket.write(encodeTextFrame(text));
    },
    close() {
      state = 'closed';
      socket.destroy();
    },
  };
  socket.once('connect', () => {
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13${END_OF_HEAD}`,
    );
  });
  socket.on('error', (error) => {
    if (state === 'opening') fail(String(error));
  });
  socket.once('close', () => {
    if (state === 'opening') fail('closed while it was opened');
    else over();
  });
  return opening.promise;
}

/** A source address of its own for each shopper, as in life: many addresses, few sockets behind each. */
export function addressOf(generator: number, shopper: number): string {
  return `127.${FIRST_BLOCK + generator}.${(shopper >> 8) & 0xff}.${shopper & 0xff || 0xff}`;
}

/** Away from 127.0.0.1, where servers listen. */
const FIRST_BLOCK = 16;
