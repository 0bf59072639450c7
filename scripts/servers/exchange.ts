import { connect } from 'node:net';

/**
 * Sends one request to 127.0.0.1 and gives back what came until `complete` says it is a whole answer.
 * Enough to ask a server that is starting whether it serves; real work goes through platform/connections/.
 */
export function exchange(
  port: number,
  request: Buffer,
  complete: (answer: Buffer) => boolean,
  signal: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = connect({ host: '127.0.0.1', port });
    let answer = Buffer.alloc(0);
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (complete(answer)) end(() => resolve(answer));
      else if (answer.length > MOST_BYTES) end(() => reject(new Error('the answer is longer than any expected one')));
    });
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('close', () => end(() => reject(new Error('the connection was closed before an answer came'))));
  });
}

const MOST_BYTES = 1024 * 1024;
