/** Where a page of reviews ended, as an opaque text. What comes back is looked at like anything a client sends. */
import { isUuidV7 } from '../../contracts/ids.ts';
import type { ReviewPlace, ReviewSort } from '../../db/queries/reviews/product-reviews.ts';

const MOST_CHARS = 200;
const MOST = 2 ** 31 - 1;

export function encodePlace(sort: ReviewSort, { key, id }: ReviewPlace): string {
  return Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
}

/** Undefined for what is no cursor of this sort. */
export function decodePlace(sort: ReviewSort, text: string): ReviewPlace | undefined {
  if (text.length > MOST_CHARS) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [ofSort, key, id]: unknown[] = parts;
  if (ofSort !== sort || typeof id !== 'string' || !isUuidV7(id)) return undefined;
  if (sort === 'newest') return key === null ? { key, id } : undefined;
  return typeof key === 'number' && Number.isInteger(key) && Math.abs(key) <= MOST ? { key, id } : undefined;
}
