import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a start writes down about each of its processes, so that a later command finds what kill -9 left behind. */
export interface RunRecord {
  readonly name: string;
  readonly pid: number;
  /** Field 22 of /proc/PID/stat with the id of the boot: together with the pid they mean one process for ever. */
  readonly startTime: string;
  readonly bootId: string;
}

export const LAUNCHER = 'launcher';

/**
 * The files DATA_DIR/run/NAME.json. Everything here is synchronous: a record is written in the same turn in which the
 * process appears, since the launcher might be killed in the next.
 */
export class RunRecords {
  readonly #folder: string;
  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'run');
  }

  write(name: string, pid: number): void {
    const record = identify(name, pid);
    if (record === undefined) return;
    const written = this.#writeAside(record);
    renameSync(written, this.#file(name));
  }

  /** Only one launcher at a time: answers with the one that runs already, or takes the place. */
  claim(pid: number): RunRecord | undefined {
    const record = identify(LAUNCHER, pid);
    if (record === undefined) throw new Error(`process ${pid} is not to be found in /proc`);
    const written = this.#writeAside(record);
    try {
      for (let tries = 0; tries < 3; tries++) {
        if (linked(written, this.#file(LAUNCHER))) return undefined;
        const other = this.alive().find(({ name }) => name === LAUNCHER);
        if (other !== undefined) return other;
        this.remove(LAUNCHER);
      }
      throw new Error(`${this.#file(LAUNCHER)} cannot be written`);
    } finally {
      rmSync(written, { force: true });
    }
  }

  remove(name: string): void {
    rmSync(this.#file(name), { force: true });
  }

  /** The recorded processes that still run. A pid that was given to another process meanwhile is not among them. */
  alive(): readonly RunRecord[] {
    return filesOf(this.#folder)
      .filter((file) => /^[a-z][a-z0-9-]*\.json$/.test(file))
      .map((file) => parseRecord(readText(join(this.#folder, file))))
      .filter((record) => record !== undefined)
      .filter(isAlive);
  }

  #writeAside(record: RunRecord): string {
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, `.${record.name}-${process.pid}`);
    writeFileSync(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    return path;
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

export function isAlive(record: RunRecord): boolean {
  const now = identify(record.name, record.pid);
  return now !== undefined && now.startTime === record.startTime && now.bootId === record.bootId;
}

/** Nothing for a process that has ended, also when its parent has not taken note of it yet. */
function identify(name: string, pid: number): RunRecord | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, which may hold spaces and brackets of its own.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const threads = Number(fields[17]);
  const startTime = fields[19];
  // The first thread of a JVM may be gone while others still hold its ports.
  const hasEnded = state === 'X' || (state === 'Z' && threads <= 1);
  if (startTime === undefined || hasEnded) return undefined;
  return { name, pid, startTime, bootId: readText('/proc/sys/kernel/random/boot_id').trim() };
}

function parseRecord(text: string): RunRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  if (!('name' in value && 'pid' in value && 'startTime' in value && 'bootId' in value)) return false;
  const { name, pid, startTime, bootId } = value;
  const isPid = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 1;
  return isPid && typeof name === 'string' && typeof startTime === 'string' && typeof bootId === 'string';
}

/** A hard link fails where its name exists, and otherwise appears with its whole content. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
