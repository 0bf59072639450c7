/**
 * The entrants of a draw, sorted by their public names, in columns: a million of them are five arrays that move between
 * threads without a copy, not a million objects (62 MB instead of about 300).
 */
import { compareBytes } from './bytes.ts';
import { ENTRANT_ID_BYTES } from './entrant.ts';

export interface EntrantList {
  readonly count: number;
  /** 16 bytes each. */
  readonly ids: Uint8Array<ArrayBuffer>;
  readonly laneNames: readonly string[];
  /** An index into `laneNames` each. */
  readonly lanes: Uint8Array<ArrayBuffer>;
  /** UTF-8, one after the other. */
  readonly nonces: Uint8Array<ArrayBuffer>;
  /** Where each nonce ends. */
  readonly nonceEnds: Uint32Array<ArrayBuffer>;
}

export interface EntrantListBuilder {
  /** In the order of the ids. One that is not behind the one before it throws: a list has no duplicates. */
  append(id: Uint8Array, lane: string, nonce: Uint8Array): void;
  finish(): EntrantList;
}

const MOST_LANES = 256;

export function createEntrantListBuilder(capacity: number): EntrantListBuilder {
  const ids = new Uint8Array(capacity * ENTRANT_ID_BYTES);
  const lanes = new Uint8Array(capacity);
  const nonceEnds = new Uint32Array(capacity);
  const laneIndexes = new Map<string, number>();
  let nonces = new Uint8Array(Math.max(64, capacity * 40));
  let nonceEnd = 0;
  let count = 0;

  function laneIndex(lane: string): number {
    const known = laneIndexes.get(lane) ?? laneIndexes.size;
    if (known >= MOST_LANES) throw new RangeError(`a draw has at most ${MOST_LANES} lanes`);
    laneIndexes.set(lane, known);
    return known;
  }

  return {
    append(id, lane, nonce) {
      if (count === capacity) throw new RangeError(`there are more than ${capacity} entrants`);
      const before = ids.subarray((count - 1) * ENTRANT_ID_BYTES, count * ENTRANT_ID_BYTES);
      if (count > 0 && compareBytes(before, id) >= 0) {
        throw new RangeError(`the entrant at ${count} is not behind the one before it`);
      }
      if (nonceEnd + nonce.length > nonces.length) {
        const more = new Uint8Array(2 * nonces.length + nonce.length);
        more.set(nonces.subarray(0, nonceEnd));
        nonces = more;
      }
      nonces.set(nonce, nonceEnd);
      nonceEnd += nonce.length;
      ids.set(id, count * ENTRANT_ID_BYTES);
      lanes[count] = laneIndex(lane);
      nonceEnds[count] = nonceEnd;
      count += 1;
    },
    finish() {
      return {
        count,
        ids: ids.subarray(0, count * ENTRANT_ID_BYTES),
        laneNames: [...laneIndexes.keys()],
        lanes: lanes.subarray(0, count),
        nonces: nonces.subarray(0, nonceEnd),
        nonceEnds: nonceEnds.subarray(0, count),
      };
    },
  };
}

export function idAt(list: EntrantList, at: number): Uint8Array<ArrayBuffer> {
  return list.ids.subarray(at * ENTRANT_ID_BYTES, (at + 1) * ENTRANT_ID_BYTES);
}

export function laneAt(list: EntrantList, at: number): string {
  return list.laneNames[list.lanes[at] ?? 0] ?? '';
}

export function nonceAt(list: EntrantList, at: number): Uint8Array<ArrayBuffer> {
  return list.nonces.subarray(at === 0 ? 0 : list.nonceEnds[at - 1], list.nonceEnds[at]);
}
