/**
 * Ids are UUIDv7 (RFC 9562), made before the first write: the time inside says in which month's partition a row lives,
 * and a retry carries the same id as the first try.
 */

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MAX_TIME_MS = 2 ** 48 - 1;
/** Random bytes are fetched for this many ids at once: one call into the system's generator costs more than an id. */
const IDS_PER_REFILL = 512;
const RANDOM_BYTES = 10;

export type IdSource = () => string;

export interface IdSourceOptions {
  now(): number;
  /** Fills the given bytes with randomness; a seeded one makes tests repeatable. */
  fillRandom?(bytes: Uint8Array<ArrayBuffer>): void;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function createIdSource(options: IdSourceOptions): IdSource {
  const fillRandom = options.fillRandom ?? ((bytes) => void crypto.getRandomValues(bytes));
  const pool = new Uint8Array(IDS_PER_REFILL * RANDOM_BYTES);
  let next = pool.length;
  // Many ids are made in one millisecond, and writing the time is half of making one.
  let time = { ms: Number.NaN, text: '' };
  return () => {
    if (next === pool.length) {
      fillRandom(pool);
      next = 0;
    }
    const nowMs = options.now();
    if (nowMs !== time.ms) time = { ms: nowMs, text: formatTime(nowMs) };
    const id = time.text + formatRandom(pool, next);
    next += RANDOM_BYTES;
    return id;
  };
}

export function formatUuidV7(timeMs: number, random: Uint8Array): string {
  return formatTime(timeMs) + formatRandom(random, 0);
}

function formatTime(timeMs: number): string {
  if (!Number.isSafeInteger(timeMs) || timeMs < 0 || timeMs > MAX_TIME_MS) {
    throw new RangeError(`A UUIDv7 cannot hold the time ${timeMs}.`);
  }
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-`;
}

function formatRandom(random: Uint8Array, from: number): string {
  const hex = (at: number): string => HEX[random[from + at] ?? 0] ?? '00';
  const version = (0x7000 | ((random[from] ?? 0) << 4) | ((random[from + 1] ?? 0) & 0x0f)).toString(16);
  const variant = HEX[0x80 | ((random[from + 2] ?? 0) & 0x3f)] ?? '80';
  return `${version}-${variant}${hex(3)}-${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`;
}

export function isUuidV7(text: string): boolean {
  return UUID_V7.test(text);
}

/** The epoch milliseconds inside an id. */
export function timeOfId(id: string): number {
  if (!isUuidV7(id)) throw new RangeError('Not a UUIDv7.');
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

export const UUID_V7_PATTERN = UUID_V7.source;
