/** Where a page of products ended, as an opaque text. What comes back is looked at like anything a client sends. */
import { isUuidV7 } from '../../contracts/ids.ts';
import type { ProductPlace, ProductSort } from '../../db/queries/list-products.ts';

export interface Cursor {
  readonly sort: ProductSort;
  readonly place: ProductPlace;
  /** When the first page was made: prices are compared by the rates of then, so that no page repeats or leaves out. */
  readonly atMs: number;
}

const MOST_CHARS = 1_000;
const PRICE_KEY = /^\d{1,20}(?:\.\d{1,20})?$/;
const MOST_MS = 2 ** 48;

export function encodeCursor({ sort, place, atMs }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, place.key, place.id, atMs])).toString('base64url');
}

/** Undefined for what is no cursor of this sort. */
export function decodeCursor(text: string, sort: ProductSort): Cursor | undefined {
  if (text.length > MOST_CHARS) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [ofSort, key, id, atMs]: unknown[] = parts;
  if (ofSort !== sort || typeof key !== 'string' || typeof id !== 'string' || !isUuidV7(id)) return undefined;
  if (typeof atMs !== 'number' || !Number.isInteger(atMs) || atMs < 0 || atMs > MOST_MS) return undefined;
  return isKey(sort, key) ? { sort, place: { key, id }, atMs } : undefined;
}

function isKey(sort: ProductSort, key: string): boolean {
  if (sort === 'newest') return key === '';
  if (sort === 'title') return key.isWellFormed() && !key.includes('\u0000');
  return PRICE_KEY.test(key);
}
