/**
 * What the training of recommendations leaves in Redis and the store reads: its keys, and the lists in them.
 *
 * A model is a set of keys under its version; `current` says which version is served. A new one is written whole before
 * `current` names it, so a reader who has read the version sees one model or the other, never parts of both. All keys share
 * one slot: what a page needs is one MGET, in a cluster as well.
 */

export interface RecommendationKeys {
  /** The version of the model that is served; absent before the first one. */
  readonly current: string;
  /** What was bought and looked at most lately over all shoppers, kept by who serves. */
  readonly trending: string;
  /** Who trains now; redis-semaphore puts `mutex:` before it. */
  readonly trainer: string;
  /** For one shopper, by what shoppers like them bought: a list, without what they bought already. */
  user(version: string, userId: string): string;
  /** Products that are like this one by what is said of them: a list. */
  similar(version: string, productId: string): string;
  /** Products that were bought in the same orders: a list. */
  together(version: string, productId: string): string;
  /** The most bought of all, and of one category with all below it: lists. */
  popular(version: string): string;
  popularIn(version: string, categoryId: string): string;
  /** What a shopper looked at in this session, kept by who serves. */
  session(shopperId: string): string;
  /** How the model was made, as JSON: `ModelSettings`. */
  settings(version: string): string;
  /** Whose lists there are, so that they can be removed without looking through all of Redis. */
  written(version: string): string;
}

export function recommendationKeys(prefix: string): RecommendationKeys {
  const all = `${prefix}:{recommend}`;
  return {
    current: `${all}:current`,
    trending: `${all}:trending`,
    trainer: `${all}:trainer`,
    user: (version, userId) => `${all}:${version}:u:${userId}`,
    similar: (version, productId) => `${all}:${version}:s:${productId}`,
    together: (version, productId) => `${all}:${version}:t:${productId}`,
    popular: (version) => `${all}:${version}:popular`,
    popularIn: (version, categoryId) => `${all}:${version}:p:${categoryId}`,
    session: (shopperId) => `${all}:session:${shopperId}`,
    settings: (version) => `${all}:${version}:settings`,
    written: (version) => `${all}:${version}:written`,
  };
}

export interface ModelSettings {
  readonly version: string;
  readonly trainedAtMs: number;
  /** Shoppers who have a list, products that the model knows, and pairs of both that it was trained with. */
  readonly users: number;
  readonly products: number;
  readonly interactions: number;
  readonly factors: number;
}

export interface ScoredProduct {
  readonly productId: string;
  /** Comparable within one list only. */
  readonly score: number;
}

const ID_BYTES = 16;
const SCORE_BYTES = 4;
export const SCORED_PRODUCT_BYTES = ID_BYTES + SCORE_BYTES;

/** The best one first: 16 bytes of the id and the score as a 32-bit float, big-endian, one after the other. */
export function encodeScored(list: readonly ScoredProduct[]): Buffer {
  const bytes = Buffer.allocUnsafe(list.length * SCORED_PRODUCT_BYTES);
  let at = 0;
  for (const { productId, score } of list) {
    if (bytes.write(productId.replaceAll('-', ''), at, ID_BYTES, 'hex') !== ID_BYTES) {
      throw new RangeError(`${productId} is no id of a product.`);
    }
    at = bytes.writeFloatBE(score, at + ID_BYTES);
  }
  return bytes;
}

/** At most `most` of the list. Undefined for what is no such list: it is then as if there were none. */
export function decodeScored(bytes: Buffer, most = Number.POSITIVE_INFINITY): readonly ScoredProduct[] | undefined {
  if (bytes.length % SCORED_PRODUCT_BYTES !== 0) return undefined;
  const length = Math.min(most, bytes.length / SCORED_PRODUCT_BYTES);
  const texts = idTexts(bytes, length);
  return Array.from({ length }, (_, index) => ({
    productId: texts.toString('latin1', index * ID_CHARS, (index + 1) * ID_CHARS),
    score: bytes.readFloatBE(index * SCORED_PRODUCT_BYTES + ID_BYTES),
  }));
}

const ID_CHARS = 36;
const DASH = 0x2d;
const DASHES: readonly number[] = [8, 13, 18, 23];
/** Where the first digit of each byte of an id stands in its text. */
const DIGITS_AT = new Uint8Array([0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]);
const HIGH = digitsOfBytes(0);
const LOW = digitsOfBytes(1);

function digitsOfBytes(digit: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').charCodeAt(digit));
}

/**
 * All ids as text, one after the other. An answer with recommendations reads 300 of them: put together of five pieces each,
 * that was most of what it left for the garbage collector.
 */
function idTexts(bytes: Buffer, length: number): Buffer {
  const texts = Buffer.allocUnsafe(length * ID_CHARS);
  for (let index = 0; index < length; index += 1) {
    const from = index * SCORED_PRODUCT_BYTES;
    const to = index * ID_CHARS;
    for (let at = 0; at < ID_BYTES; at += 1) {
      const byte = bytes[from + at] ?? 0;
      const digits = to + (DIGITS_AT[at] ?? 0);
      texts[digits] = HIGH[byte] ?? 0;
      texts[digits + 1] = LOW[byte] ?? 0;
    }
    for (const dash of DASHES) texts[to + dash] = DASH;
  }
  return texts;
}
