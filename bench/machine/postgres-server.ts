/** A PostgreSQL of the bench's own, with the settings that npm start gives it; gone after the run. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchServer } from './launched-server.ts';

export interface BenchPostgres {
  /** Of its first database; see urlOf for others. */
  readonly url: string;
  /** Its sessions are children of this process. */
  readonly pid: number;
  urlOf(database: string): string;
  stop(): Promise<void>;
}

const PROGRAM = join(import.meta.dirname, '../../scripts/postgres/main.ts');
const MIGRATE = join(import.meta.dirname, '../../scripts/migrate/main.ts');
const MIGRATE_DEADLINE_MS = 120_000;

export async function startBenchPostgres(
  folder: string,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BenchPostgres> {
  const dir = join(folder, 'postgres');
  await mkdir(dir, { recursive: true });
  const args = [dir, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)];
  const { told, stop } = await launchServer({
    ...{ what: 'PostgreSQL of the bench', program: PROGRAM, args, signal },
    read: readNote,
  });
  const { url, pid } = told;
  return { url, pid, urlOf: (database) => withDatabase(url, database), stop };
}

/** Our schema, by the project's own command. */
export async function migrate(url: string, signal: AbortSignal): Promise<void> {
  const env = { DATABASE_URL: url };
  await promisify(execFile)(process.execPath, [MIGRATE], { env, timeout: MIGRATE_DEADLINE_MS, signal });
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
