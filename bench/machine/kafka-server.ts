/** A Kafka of the bench's own: the edge does not start without one, and orders travel through it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchServer } from './launched-server.ts';

export interface BenchKafka {
  readonly address: string;
  /** Of the process that started the broker. */
  readonly pid: number;
  stop(): Promise<void>;
}

const PROGRAM = join(import.meta.dirname, '../../scripts/kafka/main.ts');

export async function startBenchKafka(folder: string, signal: AbortSignal): Promise<BenchKafka> {
  const dir = join(folder, 'kafka');
  await mkdir(dir, { recursive: true });
  const asked = { what: 'Kafka of the bench', program: PROGRAM, args: [dir], signal, read: addressIn };
  const { told: address, pid, stop } = await launchServer(asked);
  return { address, pid, stop };
}

function addressIn(note: unknown): string {
  if (typeof note === 'object' && note !== null && 'address' in note && typeof note.address === 'string')
    return note.address;
  throw new Error('Kafka of the bench did not tell its address.');
}
