import { connect, lineUrl } from '../../contracts/client/socket.ts';
import { decodeEdgeFrame, encodeMessage } from '../../contracts/line/codec.ts';
import type { EdgeMessage, EdgeMessageOf, ShopperMessage } from '../../contracts/line/messages.ts';

/**
 * A shopper's bare socket in a test: it says only what the test says, every frame must be of the contract, and what is
 * waited for must come. For a shopper who behaves as a real one does there is `openLineClient`.
 */
export interface LineClient {
  send(message: ShopperMessage): void;
  sendRaw(data: string | Uint8Array<ArrayBuffer>): void;
  /** The next message of this kind that was not taken yet. */
  next<T extends EdgeMessage['t']>(t: T, matches?: (message: EdgeMessageOf<T>) => boolean): Promise<EdgeMessageOf<T>>;
  readonly received: readonly EdgeMessage[];
  /** Resolves with the close code, whoever closed. */
  readonly closed: Promise<number>;
  close(): Promise<void>;
}

interface Waiter {
  readonly accepts: (message: EdgeMessage) => boolean;
  resolve(message: EdgeMessage): void;
  reject(error: Error): void;
}

const WAIT_MS = 15_000;

export async function openLine(edgeUrl: string, dropId: string, region?: string): Promise<LineClient> {
  const socket = new WebSocket(lineUrl(edgeUrl, dropId, region));
  const received: EdgeMessage[] = [];
  const untaken: EdgeMessage[] = [];
  const waiters = new Set<Waiter>();
  const closed = Promise.withResolvers<number>();

  connect(() => socket, '', {
    heard(data) {
      const decoded = decodeEdgeFrame(String(data));
      if (!decoded.ok) throw new Error(`The edge sent what its contract does not have: ${String(data)}`);
      received.push(decoded.message);
      const waiter = [...waiters].find(({ accepts }) => accepts(decoded.message));
      if (waiter === undefined) untaken.push(decoded.message);
      else waiter.resolve(decoded.message);
    },
    closed(code) {
      closed.resolve(code);
      for (const waiter of waiters) waiter.reject(new Error(`The socket was closed with ${code} instead.`));
    },
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('The socket did not open.')));
  });

  return {
    send: (message) => socket.send(encodeMessage(message)),
    sendRaw: (data) => socket.send(data),
    next(t, matches = () => true) {
      const accepts = (message: EdgeMessage): boolean => isKind(message, t) && matches(message);
      const at = untaken.findIndex(accepts);
      const there = at === -1 ? undefined : untaken.splice(at, 1)[0];
      if (there !== undefined && isKind(there, t)) return Promise.resolve(there);
      return waitFor(waiters, t, accepts);
    },
    received,
    closed: closed.promise,
    async close() {
      socket.close();
      await closed.promise;
    },
  };
}

function waitFor<T extends EdgeMessage['t']>(
  waiters: Set<Waiter>,
  t: T,
  accepts: (message: EdgeMessage) => boolean,
): Promise<EdgeMessageOf<T>> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      waiters.delete(waiter);
      finish();
    };
    const timer = setTimeout(() => settle(() => reject(new Error(`No "${t}" came within ${WAIT_MS} ms.`))), WAIT_MS);
    const waiter: Waiter = {
      accepts,
      resolve: (message) => settle(() => (isKind(message, t) ? resolve(message) : reject(new Error('another kind')))),
      reject: (error) => settle(() => reject(error)),
    };
    waiters.add(waiter);
  });
}

function isKind<T extends EdgeMessage['t']>(message: EdgeMessage, t: T): message is EdgeMessageOf<T> {
  return message.t === t;
}
