/** A WebSocket of a browser, of Node or of a test, and the one rule: its end is told exactly once. */

export interface SocketLike {
  addEventListener(kind: 'open' | 'error', listener: () => void): void;
  addEventListener(kind: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(kind: 'close', listener: (event: { readonly code: number }) => void): void;
  send(text: string): void;
  close(code?: number): void;
}

export type MakeSocket = (url: string) => SocketLike;

export interface Connection {
  readonly open: boolean;
  send(text: string): void;
  /** Closes, and nothing more is heard of it: the end of a dead connection may take minutes to be told. */
  abandon(): void;
}

export interface ConnectionListener {
  heard(data: unknown): void;
  closed(code: number): void;
}

const NORMAL = 1000;
const BROKEN = 1006;

export function connect(makeSocket: MakeSocket, url: string, listener: ConnectionListener): Connection {
  const socket = makeSocket(url);
  let state: 'opening' | 'open' | 'over' = 'opening';
  const end = (code: number): void => {
    if (state === 'over') return;
    state = 'over';
    listener.closed(code);
  };
  socket.addEventListener('open', () => {
    if (state === 'opening') state = 'open';
    // Abandoned while it opened: some sockets cannot be closed earlier.
    else socket.close(NORMAL);
  });
  socket.addEventListener('message', ({ data }) => {
    if (state !== 'over') listener.heard(data);
  });
  socket.addEventListener('close', ({ code }) => end(code));
  // A close with its code follows, except where nothing was open yet.
  socket.addEventListener('error', () => {
    if (state === 'opening') end(BROKEN);
  });
  return {
    get open() {
      return state === 'open';
    },
    send: (text) => {
      if (state === 'open') socket.send(text);
    },
    abandon() {
      state = 'over';
      socket.close(NORMAL);
    },
  };
}

/** `http://` and `https://` are taken for what they mean here. */
export function lineUrl(edgeUrl: string, dropId: string, region: string | undefined): string {
  const base = edgeUrl.replace(/^http/, 'ws').replace(/\/+$/, '');
  const query = region === undefined ? '' : `?region=${encodeURIComponent(region)}`;
  return `${base}/v1/drops/${encodeURIComponent(dropId)}/line${query}`;
}
