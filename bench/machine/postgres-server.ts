/** A PostgreSQL of the bench's own, with the settings that npm start gives it; gone after the run. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { firstNote } from './child-note.ts';

export interface BenchPostgres {
  /** Of its first database; see urlOf for others. */
  readonly url: string;
  /** Its sessions are children of this process. */
  readonly pid: number;
  urlOf(database: string): string;
  stop(): Promise<void>;
}

const PROGRAM = join(import.meta.dirname, '../../scripts/postgres/main.ts');
const START_DEADLINE_MS = 120_000;

export async function startBenchPostgres(
  folder: string,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BenchPostgres> {
  signal.throwIfAborted();
  const dir = join(folder, 'postgres');
  await mkdir(dir, { recursive: true });
  const args = [dir, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)];
  const child = fork(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const gone = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // It ends the server first; killed, it would leave it behind.
    if (child.connected) child.disconnect();
    await gone;
  };
  try {
    const note = await firstNote({ child, what: 'PostgreSQL of the bench', deadlineMs: START_DEADLINE_MS, signal });
    const { url, pid } = readNote(note);
    return { url, pid, urlOf: (database) => withDatabase(url, database), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

function readNote(note: unknown): { url: string; pid: number } {
  if (typeof note === 'object' && note !== null && 'address' in note && 'pid' in note) {
    const { address, pid } = note;
    if (typeof address === 'string' && typeof pid === 'number') return { url: address, pid };
  }
  throw new Error('PostgreSQL of the bench did not tell its address.');
}
