/** The CPU profile of another process and of its threads, by its inspector: nothing of it is loaded into the process. */
import type { ChildProcess } from 'node:child_process';
import Type from 'typebox';
import { Compile } from 'typebox/compile';

/** A port of the system's choice, told on stderr only: nobody who scans ports finds its name. */
export const INSPECT_ARGS: readonly string[] = ['--inspect=127.0.0.1:0', '--inspect-publish-uid=stderr'];

/** A profile as V8 gives it, and the thread that it is of. */
export interface TakenThread {
  readonly thread: string;
  readonly profile: unknown;
}

export interface InspectedProcess {
  /** Ends the profile; what is gone already has none. */
  take(): Promise<readonly TakenThread[]>;
}

const ADDRESS = /Debugger listening on (?<url>ws:\/\/\S+)/u;
const DEADLINE_MS = 20_000;
const KEPT_CHARS = 4_000;
/** 2,000 looks a second cost a process a few percent. */
const LOOK_EVERY_US = 500;

const Message = Compile(
  Type.Object({
    id: Type.Optional(Type.Number()),
    method: Type.Optional(Type.String()),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    result: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    error: Type.Optional(Type.Object({ message: Type.String() })),
  }),
);

/** To be called before the child says anything: it tells its address at its start. */
export function inspect(child: ChildProcess): { begin(): Promise<InspectedProcess> } {
  const address = addressOf(child);
  address.catch(() => undefined);
  return { begin: async () => beginProfile(await openSession(await address)) };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error('The process told no address of its inspector.')), DEADLINE_MS);
    late.unref();
    child.once('exit', () => reject(new Error('The process ended before it told the address of its inspector.')));
    child.stderr?.on('data', (chunk: Buffer) => {
      if (said.length > KEPT_CHARS) return;
      said += chunk.toString();
      const url = ADDRESS.exec(said)?.groups?.['url'];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    });
  });
}

type Params = Readonly<Record<string, unknown>>;

interface Session {
  call(method: string, params?: Params): Promise<Params>;
  on(method: string, listener: (params: Params) => void): void;
  close(): void;
}

async function openSession(url: string): Promise<Session> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('The inspector of the process does not answer.')));
  });
  const session = createCalls((text) => socket.send(text));
  socket.addEventListener('message', ({ data }) => session.receive(String(data)));
  socket.addEventListener('close', () => session.end());
  return { call: session.call, on: session.on, close: () => socket.close() };
}

/** Calls and their answers over anything that carries text: the socket of a process, or the way to one of its threads. */
function createCalls(send: (text: string) => void) {
  const waiting = new Map<number, { resolve(result: Params): void; reject(error: Error): void }>();
  const listeners = new Map<string, (params: Params) => void>();
  let lastId = 0;
  return {
    call(method: string, params: Params = {}): Promise<Params> {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`${method} was not answered.`));
        }, DEADLINE_MS);
        const settled = { resolve, reject };
        waiting.set(id, {
          resolve(result) {
            clearTimeout(late);
            settled.resolve(result);
          },
          reject(error) {
            clearTimeout(late);
            settled.reject(error);
          },
        });
        send(JSON.stringify({ id, method, params }));
      });
    },
    on(method: string, listener: (params: Params) => void): void {
      listeners.set(method, listener);
    },
    receive(text: string): void {
      const message: unknown = JSON.parse(text);
      if (!Message.Check(message)) return;
      const { id, method = '', params = {}, result = {}, error } = message;
      if (id === undefined) {
        listeners.get(method)?.(params);
        return;
      }
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) asked?.resolve(result);
      else asked?.reject(new Error(error.message));
    },
    end(): void {
      for (const { reject } of waiting.values()) reject(new Error('The process has ended.'));
      waiting.clear();
    },
  };
}

type Calls = Pick<ReturnType<typeof createCalls>, 'call' | 'receive'>;

async function beginProfile(session: Session): Promise<InspectedProcess> {
  const threads = new Map<string, Calls>();
  session.on('NodeWorker.attachedToWorker', ({ sessionId }) => {
    const id = String(sessionId);
    const calls = createCalls((message) => {
      void session.call('NodeWorker.sendMessageToWorker', { sessionId: id, message }).catch(() => undefined);
    });
    threads.set(id, calls);
    void startProfiler(calls).catch(() => threads.delete(id));
  });
  session.on('NodeWorker.receivedMessageFromWorker', ({ sessionId, message }) =>
    threads.get(String(sessionId))?.receive(String(message)),
  );
  session.on('NodeWorker.detachedFromWorker', ({ sessionId }) => threads.delete(String(sessionId)));
  await startProfiler(session);
  await session.call('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return {
    async take() {
      const all: [string, Pick<Calls, 'call'>][] = [['main', session], ...threads];
      const taken = await Promise.all(all.map(([thread, calls]) => takeProfile(thread, calls)));
      session.close();
      return taken.flat();
    },
  };
}

async function startProfiler({ call }: Pick<Calls, 'call'>): Promise<void> {
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: LOOK_EVERY_US });
  await call('Profiler.start');
}

async function takeProfile(thread: string, { call }: Pick<Calls, 'call'>): Promise<TakenThread[]> {
  try {
    const { profile } = await call('Profiler.stop');
    return [{ thread, profile }];
  } catch {
    // It ended by itself: the others are worth having.
    return [];
  }
}
