/** Two processes of this machine over TCP: how long a small message takes there and back, and how many bytes pass. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { countIn } from './meter.ts';
import type { Counted, TcpClient } from './notes.ts';

const SMALL = Buffer.alloc(64, 'x');
const LARGE = Buffer.alloc(256 * 1_024, 'x');
/** The first byte says what this connection is for. */
const ECHOES = Buffer.from('e');
const TAKES = Buffer.from('t');

export async function serveTcp(): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    let echoes: boolean | undefined;
    socket.on('data', (bytes) => {
      const content = echoes === undefined ? bytes.subarray(1) : bytes;
      echoes ??= bytes[0] === ECHOES[0];
      if (echoes && content.length > 0) socket.write(content);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

export async function openTcp(order: TcpClient): Promise<() => Promise<Counted>> {
  const socket = connect({ host: '127.0.0.1', port: order.port, noDelay: true });
  await once(socket, 'connect');
  const trips = order.what === 'round trips';
  socket.write(trips ? ECHOES : TAKES);
  return async () => {
    const counted = await countIn(order, async (meter) => {
      while (meter.goesOn) {
        const fromMs = performance.now();
        if (trips) {
          socket.write(SMALL);
          await once(socket, 'data');
          meter.count(1, performance.now() - fromMs);
        } else {
          if (!socket.write(LARGE)) await once(socket, 'drain');
          meter.count(LARGE.length, performance.now() - fromMs);
        }
      }
    });
    socket.destroy();
    return counted;
  };
}
