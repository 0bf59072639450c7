/** A server that a command of the project starts, tells the address of, and ends again. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { firstNote } from './child-note.ts';

export interface LaunchOptions<Told> {
  readonly what: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** What it tells once it is there; throws where that is not what was expected. */
  read(note: unknown): Told;
}

export interface Launched<Told> {
  readonly told: Told;
  /** Of the process that started the server. */
  readonly pid: number;
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 120_000;

export async function launchServer<Told>(options: LaunchOptions<Told>): Promise<Launched<Told>> {
  const { what, program, args, signal, read } = options;
  signal.throwIfAborted();
  const child = fork(program, [...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const gone = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // It ends the server first; killed, it would leave it behind.
    if (child.connected) child.disconnect();
    await gone;
  };
  try {
    const told = read(await firstNote({ child, what, deadlineMs: START_DEADLINE_MS, signal }));
    return { told, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
