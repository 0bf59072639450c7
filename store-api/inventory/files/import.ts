/** A file of stock into the database, batch by batch: what is wrong is told by line and column, the rest is written. */
import type { Readable } from 'node:stream';
import { LIMITS } from '../../../contracts/limits.ts';
import { BrokenFile, tableRows } from '../../catalog-files/rows.ts';
import type { StoreServices } from '../../services.ts';
import { HEAD, isError, type Level, type LevelError, readLevel } from './columns.ts';
import { type Writing, writeLevels } from './write-levels.ts';

export interface LevelsReport {
  readonly rows: number;
  readonly refused: number;
  readonly changed: number;
  readonly isComplete: boolean;
  readonly errors: readonly LevelError[];
}

export async function importLevels(
  services: Pick<StoreServices, 'database' | 'nextId' | 'clock'>,
  source: Readable,
  writing: Writing,
): Promise<LevelsReport> {
  const errors: LevelError[] = [];
  const seen = new Set<string>();
  let [rows, refused, changed] = [0, 0, 0];
  let batch: Level[] = [];

  function refuse(error: LevelError): void {
    refused += 1;
    if (errors.length < LIMITS.importErrors) errors.push(error);
  }
  function take(line: number, cells: Parameters<typeof readLevel>[1]): void {
    if (rows === LIMITS.importRows) throw new BrokenFile(line, `A file has at most ${LIMITS.importRows} rows.`);
    rows += 1;
    const level = readLevel(line, cells);
    const shelf = isError(level) ? '' : `${level.warehouse} ${level.sku}`;
    if (isError(level)) refuse(level);
    else if (seen.has(shelf)) refuse({ line, column: null, reason: 'This shelf was in the file before.' });
    else batch.push(level);
    seen.add(shelf);
  }
  async function write(): Promise<void> {
    if (batch.length === 0) return;
    const written = await writeLevels(services, batch, writing);
    changed += written.changed;
    for (const error of written.errors) refuse(error);
    batch = [];
  }

  let broken: BrokenFile | undefined;
  try {
    for await (const { line, cells } of tableRows(source, HEAD)) {
      take(line, cells);
      if (batch.length === LIMITS.importBatch) await write();
    }
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    broken = error;
  }
  await write();
  const told = errors.toSorted((a, b) => a.line - b.line);
  if (broken !== undefined) {
    told.splice(LIMITS.importErrors - 1);
    told.push({ line: broken.line, column: null, reason: broken.message });
  }
  return { rows, refused, changed, isComplete: broken === undefined, errors: told };
}
