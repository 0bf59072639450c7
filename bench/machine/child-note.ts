/** Waits for the first message of a child process that starts something, and says why when it ends instead. */
import type { ChildProcess } from 'node:child_process';

export interface ChildNoteOptions {
  readonly child: ChildProcess;
  readonly what: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

const KEPT_CHARS = 2_000;

export function firstNote({ child, what, deadlineMs, signal }: ChildNoteOptions): Promise<unknown> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-KEPT_CHARS);
    });
  }
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      clearTimeout(late);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onError);
      signal.removeEventListener('abort', onAbort);
      then();
    };
    const onMessage = (note: unknown): void => settle(() => resolve(note));
    const onExit = (code: number | null): void =>
      settle(() => reject(new Error(`${what} ended with ${code}: ${said}`)));
    const onError = (error: Error): void => settle(() => reject(error));
    const onAbort = (): void => settle(() => reject(signal.reason));
    const onLate = (): void =>
      settle(() => reject(new Error(`${what} was not ready within ${deadlineMs} ms: ${said}`)));
    const late = setTimeout(onLate, deadlineMs);
    child.once('message', onMessage);
    child.once('exit', onExit);
    child.once('error', onError);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
