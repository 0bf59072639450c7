/**
 * The public list as it is stored: chunks of entrants in the order of the list, each entrant as id, length and name of
 * the lane, length and text of the nonce, place. A chunk is what a proof has to read.
 */
import { ENTRANT_ID_BYTES } from './entrant.ts';
import { type EntrantList, idAt, laneAt, nonceAt } from './entrant-list.ts';

/**
 * A power of two, so that a chunk is a whole subtree: about 8 KB with nonces of 36 characters. A proof hashes one chunk;
 * with 1,024 entrants that is 4.1 ms of a process that answers others as well, with 128 0.7 ms, and a
 * million entrants may ask at once.
 */
export const CHUNK_ENTRANTS = 128;
const PLACE_BYTES = 4;

export interface DrawnEntrant {
  readonly id: Uint8Array<ArrayBuffer>;
  readonly lane: string;
  readonly nonce: string;
  readonly place: number;
}

export function encodeChunk(list: EntrantList, places: Uint32Array, chunk: number): Uint8Array<ArrayBuffer> {
  const first = chunk * CHUNK_ENTRANTS;
  const end = Math.min(list.count, first + CHUNK_ENTRANTS);
  const lanes = new Map(list.laneNames.map((name) => [name, Buffer.from(name)]));
  const parts: Uint8Array[] = [];
  for (let at = first; at < end; at += 1) {
    const lane = lanes.get(laneAt(list, at)) ?? Buffer.alloc(0);
    const nonce = nonceAt(list, at);
    if (lane.length > 255 || nonce.length > 255) throw new RangeError('a lane and a nonce have at most 255 bytes');
    const place = Buffer.alloc(PLACE_BYTES);
    place.writeUInt32BE(places[at] ?? 0);
    parts.push(idAt(list, at), Uint8Array.of(lane.length), lane, Uint8Array.of(nonce.length), nonce, place);
  }
  return new Uint8Array(Buffer.concat(parts));
}

export function decodeChunk(data: Uint8Array): DrawnEntrant[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const entrants: DrawnEntrant[] = [];
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('a chunk of a draw is cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const text = (): string => take(take(1).readUInt8()).toString('utf8');
  while (at < bytes.length) {
    const id = new Uint8Array(take(ENTRANT_ID_BYTES));
    entrants.push({ id, lane: text(), nonce: text(), place: take(PLACE_BYTES).readUInt32BE() });
  }
  return entrants;
}
