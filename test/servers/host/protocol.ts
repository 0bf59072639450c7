/** What the test files ask of the host, which owns every server of a test run. JSON over a Unix socket. */

export type ServerKind = 'redis' | 'kafka' | 'postgres';

export interface OwnServer {
  readonly id: string;
  readonly address: string;
  readonly pid: number;
}

export interface Calls {
  /** The one server of this kind that all files share; started by the first who asks. */
  shared: { ask: { kind: ServerKind }; answer: { address: string } };
  createDatabase: { ask: { migrated: boolean }; answer: { name: string; url: string } };
  dropDatabase: { ask: { name: string }; answer: Record<string, never> };
  /** A server of the file's own, which it may kill. */
  startOwn: { ask: { kind: ServerKind }; answer: OwnServer };
  killOwn: { ask: { id: string }; answer: Record<string, never> };
  /** On the same port with the same data; stopped in order first if it still runs. */
  restartOwn: { ask: { id: string }; answer: OwnServer };
  removeOwn: { ask: { id: string }; answer: Record<string, never> };
}

export type CallName = keyof Calls;

/** What the host answers to each call; one function a call, so a forgotten one does not compile. */
export type Handlers = { readonly [N in CallName]: (ask: Calls[N]['ask']) => Promise<Calls[N]['answer']> };
