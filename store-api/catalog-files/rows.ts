/** Rows of a CSV file as they come in: never more in hand than a piece of the file has. */
import type { Readable } from 'node:stream';
import { type Parser, parse } from 'csv-parse';
import { LIMITS } from '../../contracts/limits.ts';
import { Refusal } from '../plugins/problems.ts';
import { type Cells, COLUMNS, NEEDED_COLUMNS } from './columns.ts';

export interface FileRow {
  /** Where it begins, as an editor counts. */
  readonly line: number;
  readonly cells: Cells;
}

/** From here on the file cannot be understood. */
export class BrokenFile extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.name = 'BrokenFile';
    this.line = line;
  }
}

interface ParsedRow {
  readonly record: readonly string[];
  readonly line: number;
}

export const rowsOf = (source: Readable): AsyncGenerator<FileRow> =>
  tableRows(source, { columns: COLUMNS, needed: NEEDED_COLUMNS });

export interface TableHead<C extends string> {
  readonly columns: readonly C[];
  readonly needed: readonly C[];
}

export interface TableRow<C extends string> {
  readonly line: number;
  readonly cells: Partial<Record<C, string>>;
}

/** Refuses a file whose head is not what is expected; throws BrokenFile where the text is no CSV any more. */
export async function* tableRows<C extends string>(source: Readable, head: TableHead<C>): AsyncGenerator<TableRow<C>> {
  let columns: readonly C[] | undefined;
  for await (const { record, line } of parsedRows(source)) {
    if (columns === undefined) columns = columnsOf(record, head);
    else if (record.length !== columns.length) {
      throw new BrokenFile(line, `The row has ${record.length} cells where the head has ${columns.length}.`);
    } else yield { line, cells: cellsOf(columns, record) };
  }
  if (columns === undefined) throw new Refusal('INVALID', { detail: 'The file is empty.' });
}

/**
 * The parser is fed piece by piece, and its rows are taken by a callback: read as a stream, it would drop the good rows
 * that came before a bad one in the same piece.
 */
async function* parsedRows(source: Readable): AsyncGenerator<ParsedRow> {
  let ready: ParsedRow[] = [];
  let lastLine = 0;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LIMITS.importRowChars,
    on_record(record: readonly string[], { lines }) {
      ready.push({ record, line: lines - breaksIn(record) });
      lastLine = lines;
      return null;
    },
  });
  // Each error is also the answer to the write that it came of.
  parser.on('error', () => undefined);
  parser.resume();
  function* taken(error: Error | undefined): Generator<ParsedRow> {
    const rows = ready;
    ready = [];
    yield* rows;
    const reason = 'From here on this is no CSV: look for a quote that is not closed.';
    if (error !== undefined) throw new BrokenFile(lastLine + 1, reason);
  }
  try {
    for await (const piece of piecesOf(source)) yield* taken(await write(parser, piece));
    yield* taken(await end(parser));
  } finally {
    parser.destroy();
  }
}

const PIECE_BYTES = 64 * 1_024;

async function* piecesOf(source: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
  }
}

function write(parser: Parser, piece: Buffer): Promise<Error | undefined> {
  return new Promise((resolve) => parser.write(piece, (error) => resolve(error ?? undefined)));
}

function end(parser: Parser): Promise<Error | undefined> {
  return new Promise((resolve) => {
    parser.once('error', resolve);
    parser.once('end', () => resolve(undefined));
    parser.end();
  });
}

/** The parser tells the line at which a row ends, which line breaks inside of quotes move. */
function breaksIn(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
}

function cellsOf<C extends string>(columns: readonly C[], record: readonly string[]): Partial<Record<C, string>> {
  const cells: Partial<Record<C, string>> = {};
  for (const [at, column] of columns.entries()) cells[column] = record[at] ?? '';
  return cells;
}

function columnsOf<C extends string>(record: readonly string[], head: TableHead<C>): readonly C[] {
  const names = record.map((name) => name.trim().toLowerCase());
  const found = names.map((name) => head.columns.find((column) => column === name));
  const columns = found.filter((column) => column !== undefined);
  const unknown = names.find((_name, at) => found[at] === undefined);
  if (unknown !== undefined) throw new Refusal('INVALID', { detail: `There is no column "${unknown.slice(0, 60)}".` });
  if (new Set(columns).size !== columns.length) throw new Refusal('INVALID', { detail: 'A column is there twice.' });
  const missing = head.needed.find((column) => !columns.includes(column));
  if (missing !== undefined) throw new Refusal('INVALID', { detail: `The column "${missing}" is missing.` });
  return columns;
}
