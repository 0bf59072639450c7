/** A Kafka of the bench's own: the edge does not start without one, and orders travel through it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { firstNote } from './child-note.ts';

export interface BenchKafka {
  readonly address: string;
  /** Of the process that started the broker. */
  readonly pid: number;
  stop(): Promise<void>;
}

const PROGRAM = join(import.meta.dirname, '../../scripts/kafka/main.ts');
const START_DEADLINE_MS = 120_000;

export async function startBenchKafka(folder: string, signal: AbortSignal): Promise<BenchKafka> {
  signal.throwIfAborted();
  const dir = join(folder, 'kafka');
  await mkdir(dir, { recursive: true });
  const child = fork(PROGRAM, [dir], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const gone = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // It ends the broker first; killed, it would leave it behind.
    if (child.connected) child.disconnect();
    await gone;
  };
  try {
    const note = await firstNote({ child, what: 'Kafka of the bench', deadlineMs: START_DEADLINE_MS, signal });
    return { address: addressIn(note), pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addressIn(note: unknown): string {
  if (typeof note === 'object' && note !== null && 'address' in note && typeof note.address === 'string')
    return note.address;
  throw new Error('Kafka of the bench did not tell its address.');
}
