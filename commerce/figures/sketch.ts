/**
 * How many different shoppers there were, without keeping who: HyperLogLog with 4,096 registers. Its standard error is
 * 1.6 %; below some thousands it counts the empty registers instead, which is off by less. Adding somebody twice changes
 * nothing, so a batch that comes again does no harm, and sketches of several days are those of all of them together.
 */
import { createHash } from 'node:crypto';

const INDEX_BITS = 12;
export const SKETCH_BYTES = 2 ** INDEX_BITS;
const ALPHA = 0.7213 / (1 + 1.079 / SKETCH_BYTES);

export type Sketch = Uint8Array;

export function emptySketch(): Sketch {
  return new Uint8Array(SKETCH_BYTES);
}

/** Whether the sketch knows more now. */
export function addTo(sketch: Sketch, id: string): boolean {
  const hash = createHash('sha256').update(id).digest();
  const register = hash.readUInt16BE(0) >>> (16 - INDEX_BITS);
  // Of the next 32 bits the place of the first that is set; more never count in practice.
  const rank = Math.clz32(hash.readUInt32BE(2)) + 1;
  if ((sketch[register] ?? 0) >= rank) return false;
  sketch[register] = rank;
  return true;
}

/** Of all that either has. */
export function merged(sketches: readonly Sketch[]): Sketch {
  const all = emptySketch();
  for (const sketch of sketches) {
    for (let at = 0; at < SKETCH_BYTES; at += 1) all[at] = Math.max(all[at] ?? 0, sketch[at] ?? 0);
  }
  return all;
}

export function estimate(sketch: Sketch): number {
  let sum = 0;
  let empty = 0;
  for (const rank of sketch) {
    sum += 2 ** -rank;
    if (rank === 0) empty += 1;
  }
  const raw = (ALPHA * SKETCH_BYTES * SKETCH_BYTES) / sum;
  const isFew = raw <= 2.5 * SKETCH_BYTES && empty > 0;
  return Math.round(isFew ? SKETCH_BYTES * Math.log(SKETCH_BYTES / empty) : raw);
}
