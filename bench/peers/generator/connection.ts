/**
 * One keep-alive connection over node:net that has one question under way: node:http and autocannon take more time for a
 * request than the servers that are measured here.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Connection {
  /** A whole request; undefined when the connection broke before the answer was whole. */
  ask(request: string): Promise<Answer | undefined>;
  readonly isOpen: boolean;
  close(): void;
}

const END_OF_HEAD = '\r\n\r\n';
const STATUS = { from: 9, to: 12 };
const MOST_BYTES = 256 * 1_024;
/** One for all connections of a process: each takes out what it has read before the next one reads. */
const readInto = Buffer.alloc(64 * 1_024);

export async function openConnection(port: number): Promise<Connection> {
  let waiting: ((answer: Answer | undefined) => void) | undefined;
  let text = '';
  let isOpen = true;

  function settle(answer: Answer | undefined): void {
    const tell = waiting;
    waiting = undefined;
    text = '';
    tell?.(answer);
  }

  const socket = connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: {
      buffer: readInto,
      callback(count, bytes) {
        text += Buffer.from(bytes.buffer, bytes.byteOffset, count).toString('latin1');
        const answer = readAnswer(text);
        if (answer !== undefined) settle(answer);
        else if (text.length > MOST_BYTES) socket.destroy(new Error('an answer has no end'));
        return true;
      },
    },
  });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.once('close', () => {
    isOpen = false;
    settle(undefined);
  });
  return {
    ask: (request) =>
      new Promise((resolve) => {
        if (!isOpen) return resolve(undefined);
        waiting = resolve;
        socket.write(request, 'latin1');
      }),
    get isOpen() {
      return isOpen;
    },
    close() {
      socket.destroy();
    },
  };
}

/** Undefined while it is not whole. One that does not tell its length has no body. */
export function readAnswer(text: string): Answer | undefined {
  const end = text.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const head = text.slice(0, end).toLowerCase();
  if (head.includes('transfer-encoding:')) throw new Error('An answer in chunks is not expected.');
  const length = Number(/\r\ncontent-length: *(?<bytes>\d+)/.exec(head)?.groups?.['bytes'] ?? 0);
  const from = end + END_OF_HEAD.length;
  if (text.length < from + length) return undefined;
  return { status: Number(text.slice(STATUS.from, STATUS.to)), body: text.slice(from, from + length) };
}
