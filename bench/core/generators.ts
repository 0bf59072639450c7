/** The generator processes of one load. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromGenerator, Load, LoadResult, ToGenerator } from './load.ts';

const PROGRAM = join(import.meta.dirname, 'generator', 'main.ts');

export interface GeneratorsOptions {
  readonly load: Load;
  readonly count: number;
  readonly signal: AbortSignal;
  /** All are connected and begin now. */
  onGo?(): void;
}

/** Starts them, lets them begin together, and gives back what each of them was told. */
export async function generate({ load, count, signal, onGo }: GeneratorsOptions): Promise<readonly LoadResult[]> {
  signal.throwIfAborted();
  const children = Array.from({ length: count }, () =>
    fork(PROGRAM, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  );
  try {
    const share = load.mostClaims === null ? null : Math.ceil(load.mostClaims / count);
    const ready = children.map((child) => answerOf(child, 'ready', signal));
    for (const child of children) send(child, { t: 'load', load: { ...load, mostClaims: share } });
    await Promise.all(ready);
    const done = children.map((child) => answerOf(child, 'done', signal));
    for (const child of children) send(child, { t: 'go' });
    onGo?.();
    return (await Promise.all(done)).map(({ result }) => result);
  } finally {
    await Promise.all(children.map(end));
  }
}

function send(child: ChildProcess, message: ToGenerator): void {
  child.send(message);
}

function answerOf<T extends FromGenerator['t']>(
  child: ChildProcess,
  t: T,
  signal: AbortSignal,
): Promise<Extract<FromGenerator, { t: T }>> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      then();
    };
    const onMessage = (message: FromGenerator): void => {
      if (isA(message, t)) settle(() => resolve(message));
      else if (message.t === 'failed') settle(() => reject(new Error(`A generator failed: ${message.reason}`)));
    };
    const onExit = (code: number | null): void => settle(() => reject(new Error(`A generator ended, code ${code}.`)));
    const onAbort = (): void => settle(() => reject(signal.reason));
    child.on('message', onMessage);
    child.on('exit', onExit);
    signal.addEventListener('abort', onAbort);
  });
}

function isA<T extends FromGenerator['t']>(message: FromGenerator, t: T): message is Extract<FromGenerator, { t: T }> {
  return message.t === t;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  else child.kill('SIGKILL');
  await gone;
}
