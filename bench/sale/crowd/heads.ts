/**
 * The frame that tells everybody how far the line is. It is the same for all sockets of an edge, so it is parsed once: a
 * generator that parsed it for each of its sockets would measure its own JSON.
 */
import { numberIn, readMessage } from '../../sockets/read-message.ts';

export interface Heads {
  /** Whether these bytes are such a frame. */
  saw(bytes: Buffer, from: number, to: number): boolean;
  /** Units that can be claimed, as it was told last. */
  readonly stock: number;
}

const BEGINNING = Buffer.from('{"t":"head"');

export function createHeads(): Heads {
  let last: Buffer = Buffer.alloc(0);
  let stock = 0;
  return {
    saw(bytes, from, to) {
      if (to - from < BEGINNING.length) return false;
      if (bytes.compare(BEGINNING, 0, BEGINNING.length, from, from + BEGINNING.length) !== 0) return false;
      if (to - from === last.length && bytes.compare(last, 0, last.length, from, to) === 0) return true;
      last = Buffer.from(bytes.subarray(from, to));
      stock = numberIn(readMessage(last.toString('utf8')), 'stock') ?? stock;
      return true;
    },
    get stock() {
      return stock;
    },
  };
}
