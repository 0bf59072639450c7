/** The least WebSocket server there is, and sockets that wait for each answer before they say more. */
import { App, us_socket_local_port } from 'uWebSockets.js';
import { addressOf, type LineSocket, openLineSocket } from '../../sockets/line-socket.ts';
import { countIn } from './meter.ts';
import type { Counted, EchoClient } from './notes.ts';

/** As long as a claim. */
const FRAME = '{"t":"claim","key":"0-mia1b2c3-1234567","sku":"SNEAKER-42","qty":1}';
const AT_ONCE = 128;

export function serveEcho(): Promise<number> {
  const app = App();
  app.ws('/echo', {
    message(socket, frame, binary) {
      socket.send(frame, binary);
    },
  });
  return new Promise((resolve, reject) => {
    app.listen('127.0.0.1', 0, (socket) => {
      if (socket === false) reject(new Error('The echo has no port.'));
      else resolve(us_socket_local_port(socket));
    });
  });
}

interface Talker {
  line: LineSocket;
  sentMs: number;
  answered: () => void;
}

export async function openEchoes(order: EchoClient): Promise<() => Promise<Counted>> {
  const { sockets, port, generator } = order;
  const talkers: Talker[] = [];
  for (let from = 0; from < sockets; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, sockets - from) }, (_, at) => open(port, generator, from + at));
    talkers.push(...(await Promise.all(some)));
  }
  return async () => {
    const counted = await countIn(order, (meter) => {
      let [talking, over] = [0, Promise.withResolvers<void>()];
      const speak = (talker: Talker): void => {
        talker.sentMs = performance.now();
        talker.line.send(FRAME);
      };
      for (const talker of talkers) {
        talking += 1;
        talker.answered = () => {
          meter.count(1, performance.now() - talker.sentMs);
          if (meter.goesOn) speak(talker);
          else {
            talking -= 1;
            if (talking === 0) over.resolve();
          }
        };
        speak(talker);
      }
      return over.promise;
    });
    for (const { line } of talkers) line.close();
    return counted;
  };
}

async function open(port: number, generator: number, at: number): Promise<Talker> {
  let talker: Talker | undefined;
  const line = await openLineSocket({
    ...{ host: '127.0.0.1', port, path: '/echo', localAddress: addressOf(generator, at) },
    onText: () => talker?.answered(),
    onClosed: (code) => {
      throw new Error(`The echo closed a socket with ${code}.`);
    },
  });
  talker = { line, sentMs: 0, answered: () => undefined };
  return talker;
}
