/** An append-only file of JSON lines. What was appended before `settled` resolves is on the disk, whatever happens next. */
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Book, type Change } from './book.ts';

export interface Journal {
  append(change: Change): void;
  /** Resolves when everything that was appended so far is on the disk: one write and one fsync for all who wait. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Rewritten at start when it has this many times the lines that it needs. */
const COMPACT_FACTOR = 2;
const FEW_LINES = 1_000;

export async function openJournal(dataDir: string): Promise<{ book: Book; journal: Journal }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'journal.jsonl');
  const { book, lines, wholeBytes, bytes } = await replay(path);
  if (lines > FEW_LINES && lines > COMPACT_FACTOR * book.size) await rewrite(path, book);
  else if (wholeBytes < bytes) await cut(path, wholeBytes);
  const file = await open(path, 'a', 0o600);
  return { book, journal: new AppendedFile(file) };
}

interface Replayed {
  readonly book: Book;
  readonly lines: number;
  /** Up to the end of the last whole line; after it is what a crash left half-written, which nobody was told of. */
  readonly wholeBytes: number;
  readonly bytes: number;
}

async function replay(path: string): Promise<Replayed> {
  const book = new Book();
  const file = await open(path, 'a+', 0o600);
  const { size: bytes } = await file.stat();
  await file.close();
  let [lines, wholeBytes] = [0, 0];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const end = wholeBytes + Buffer.byteLength(line) + 1;
    if (end > bytes) break;
    book.apply(parse(line, path, lines + 1));
    lines += 1;
    wholeBytes = end;
  }
  return { book, lines, wholeBytes, bytes };
}

function parse(line: string, path: string, number: number): Change {
  try {
    // Written by this file alone.
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${path}:${number} is damaged; remove the folder to begin with empty books`, { cause });
  }
}

/** These two count as ends of a line when it is read, and JSON leaves them as they are. */
function lineOf(change: Change): string {
  return `${JSON.stringify(change).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;
}

async function cut(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.truncate(bytes);
  await file.sync();
  await file.close();
}

async function rewrite(path: string, book: Book): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const lines = function* () {
    for (const change of book.changes()) yield lineOf(change);
  };
  await pipeline(Readable.from(lines()), createWriteStream(unfinished, { mode: 0o600, flush: true }));
  await rename(unfinished, path);
}

class AppendedFile implements Journal {
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  append(change: Change): void {
    this.#waiting.push(lineOf(change));
  }

  settled(): Promise<void> {
    if (this.#waiting.length === 0) return this.#writing;
    // One that waits for the write under way takes along all that is appended until then.
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined;
      this.#writing = this.#write();
      return this.#writing;
    });
    return this.#next;
  }

  async close(): Promise<void> {
    await this.settled();
    await this.#file.close();
  }

  async #write(): Promise<void> {
    const text = this.#waiting.join('');
    this.#waiting = [];
    await this.#file.appendFile(text);
    await this.#file.datasync();
  }
}
