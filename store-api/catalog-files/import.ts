/** A catalog file into the database, batch by batch: what is wrong is told by line and column, the rest is written. */
import type { Readable } from 'node:stream';
import { LIMITS } from '../../contracts/limits.ts';
import { findImportSurroundings, type ImportCounts, writeImport } from '../../db/queries/import-products.ts';
import { ALL } from '../caching/catalog.ts';
import { changeCatalog } from '../caching/change.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import { type BatchRow, checkBatch } from './check-batch.ts';
import { type Column, readRow } from './columns.ts';
import { BrokenFile, type FileRow, rowsOf } from './rows.ts';

export interface RowError {
  readonly line: number;
  /** Null of what is wrong with the whole row. */
  readonly column: Column | null;
  readonly reason: string;
}

export interface ImportReport extends ImportCounts {
  readonly rows: number;
  /** Rows that were not taken. */
  readonly refused: number;
  /** The first of what is wrong, in the order of the file. */
  readonly errors: readonly RowError[];
  /** False when the rest of the file was not read: the last error says why. */
  readonly isComplete: boolean;
}

const NOTHING: ImportCounts = { productsMade: 0, productsChanged: 0, variantsMade: 0, variantsChanged: 0 };

/** What is known of a file so far. The SKUs are bounded by the rows that a file may have. */
class Progress {
  rows = 0;
  refused = 0;
  counts: ImportCounts = NOTHING;
  readonly errors: RowError[] = [];
  readonly #seen = new Set<string>();

  refuse(line: number, reasons: readonly Omit<RowError, 'line'>[]): void {
    this.refused += 1;
    const room = LIMITS.importErrors - this.errors.length;
    this.errors.push(...reasons.slice(0, room).map((reason) => ({ line, ...reason })));
  }

  /** A row as it may be written, or undefined for one that was refused. */
  take({ line, cells }: FileRow): BatchRow | undefined {
    if (this.rows === LIMITS.importRows) throw new BrokenFile(line, `A file has at most ${LIMITS.importRows} rows.`);
    this.rows += 1;
    const read = readRow(cells);
    if ('errors' in read) {
      this.refuse(line, read.errors);
      return undefined;
    }
    const sku = read.row.variant?.sku;
    if (sku !== undefined && this.#seen.has(sku)) {
      this.refuse(line, [{ column: 'sku', reason: 'This SKU was in the file before.' }]);
      return undefined;
    }
    if (sku !== undefined) this.#seen.add(sku);
    return { line, ...read.row };
  }

  add(made: ImportCounts): void {
    this.counts = {
      productsMade: this.counts.productsMade + made.productsMade,
      productsChanged: this.counts.productsChanged + made.productsChanged,
      variantsMade: this.counts.variantsMade + made.variantsMade,
      variantsChanged: this.counts.variantsChanged + made.variantsChanged,
    };
  }

  /** Told even where there is no room for more: it is why the file ends here. */
  breakOff({ line, message }: BrokenFile): void {
    this.errors.splice(LIMITS.importErrors - 1);
    this.errors.push({ line, column: null, reason: message });
  }
}

export async function importFile(
  services: StoreServices,
  source: Readable,
  { merchantId, isDryRun }: { readonly merchantId: string; readonly isDryRun: boolean },
): Promise<ImportReport> {
  const progress = new Progress();
  let batch: BatchRow[] = [];
  let isComplete = true;
  const write = async (): Promise<void> => {
    if (batch.length > 0) progress.add(await writeBatch(services, { merchantId, isDryRun }, batch, progress));
    batch = [];
  };
  try {
    for await (const found of rowsOf(source)) {
      const row = progress.take(found);
      if (row !== undefined) batch.push(row);
      if (batch.length === LIMITS.importBatch) await write();
    }
    await write();
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    isComplete = false;
    await write();
    progress.breakOff(error);
  }
  const { rows, refused, counts, errors } = progress;
  return { rows, refused, ...counts, errors: errors.toSorted((a, b) => a.line - b.line), isComplete };
}

async function writeBatch(
  services: StoreServices,
  { merchantId, isDryRun }: { readonly merchantId: string; readonly isDryRun: boolean },
  rows: readonly BatchRow[],
  progress: Progress,
): Promise<ImportCounts> {
  try {
    return await changeCatalog(services, async (change) => {
      const around = await findImportSurroundings(change.client, {
        slugs: rows.map(({ product }) => product.slug),
        skus: rows.flatMap(({ variant }) => variant?.sku ?? []),
        categories: rows.map(({ product }) => product.category),
        brands: rows.flatMap(({ product }) => product.brand ?? []),
      });
      const good = checkBatch(rows, around, merchantId, (line, reasons) => progress.refuse(line, reasons));
      if (isDryRun || good.length === 0) return NOTHING;
      // The last row of a product says what it is.
      const products = [...new Map(good.map(({ product }) => [product.slug, product])).values()];
      const variants = good.flatMap(({ product: { slug }, variant }) =>
        variant === null ? [] : [{ ...variant, slug }],
      );
      const made = await writeImport(change.client, merchantId, products, variants);
      if (Object.values(made).every((count) => count === 0)) return made;
      for (const { slug } of products) {
        const known = around.products.get(slug);
        if (known !== undefined) change.stale('product', known.id, slug);
      }
      change.stale('category', ALL);
      change.stale('rates', ALL);
      return made;
    });
  } catch (error) {
    // Somebody else took a name between the look and the write.
    if (!(error instanceof Refusal)) throw error;
    for (const { line } of rows) progress.refuse(line, [{ column: null, reason: error.detail ?? error.message }]);
    return NOTHING;
  }
}
