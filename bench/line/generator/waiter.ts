/** One shopper who waits, and who can be cut off and come back with token and ticket. */
import { addressOf, type LineSocket, openLineSocket } from '../../sockets/line-socket.ts';
import { type Message, numberIn, readMessage, textIn } from '../../sockets/read-message.ts';
import type { HeadWatch } from './head-watch.ts';
import type { Called, WaitingCrowd } from './notes.ts';

export interface Waiter {
  /** Where the socket is, or was. */
  readonly port: number;
  /** Connects and joins; resolves with the place. */
  come(port: number): Promise<number>;
  /** Breaks the connection; nobody says goodbye. */
  cut(): void;
}

export interface WaiterOptions {
  readonly crowd: WaitingCrowd;
  readonly at: number;
  readonly token: string;
  readonly watch: HeadWatch;
  onCalled(called: Called): void;
  onRefused(code: string): void;
  onClosed(waiter: Waiter, code: number): void;
}

const PLACE_DEADLINE_MS = 60_000;

export function createWaiter({ crowd, at, token, watch, ...events }: WaiterOptions): Waiter {
  const localAddress = addressOf(crowd.generator, at);
  const path = `/v1/drops/${crowd.dropId}/line?region=${crowd.region}`;
  let line: LineSocket | undefined;
  let coming: PromiseWithResolvers<number> | undefined;
  let ticket: string | undefined;
  let [position, port] = [0, 0];
  let isCalled = false;

  function onText(bytes: Buffer, from: number, to: number): void {
    if (watch.saw(at, bytes, from, to)) return;
    const message = readMessage(bytes.toString('utf8', from, to));
    if (message['t'] === 'head') watch.note(at, message, bytes.subarray(from, to));
    else heard(message);
  }

  function heard(message: Message): void {
    switch (message['t']) {
      case 'ticket':
        ticket = textIn(message, 'ticket');
        position = numberIn(message, 'position') ?? 0;
        coming?.resolve(position);
        break;
      case 'admitted':
        // A call may be told twice, and is one.
        if (!isCalled) events.onCalled({ place: position, atMs: (numberIn(message, 'expiresAt') ?? 0) - crowd.passMs });
        isCalled = true;
        break;
      case 'refused': {
        const code = textIn(message, 'code');
        // Who comes while all others come as well may be told to try again; no other refusal has a reason.
        if (coming === undefined || code !== 'BUSY') events.onRefused(code);
        coming?.reject(new Error(`A shopper was refused: ${code}.`));
      }
    }
  }

  function onClosed(code: number): void {
    line = undefined;
    if (coming === undefined) events.onClosed(waiter, code);
    else coming.reject(new Error(`A socket was closed with ${code}.`));
  }

  function cut(): void {
    line?.close();
    line = undefined;
  }

  const waiter: Waiter = {
    get port() {
      return port;
    },
    async come(to) {
      port = to;
      const place = Promise.withResolvers<number>();
      coming = place;
      const late = setTimeout(() => place.reject(new Error('No place in time.')), PLACE_DEADLINE_MS);
      try {
        line = await openLineSocket({ host: '127.0.0.1', port, path, localAddress, onText, onClosed });
        line.send(JSON.stringify({ t: 'join', token, nonce: `n${at}`, ...(ticket === undefined ? {} : { ticket }) }));
        return await place.promise;
      } catch (error) {
        cut();
        throw error;
      } finally {
        clearTimeout(late);
        coming = undefined;
      }
    },
    cut,
  };
  return waiter;
}
