/** What the thread computes of a draw. Columns, not objects: they come in and go out without a copy (thread.ts). */
import { drawKey } from '../../contracts/draw/algorithm.ts';
import { sortedIndexes } from '../../contracts/draw/bytes.ts';
import { CHUNK_ENTRANTS, encodeChunk } from '../../contracts/draw/chunk.ts';
import { ENTRANT_ID_BYTES } from '../../contracts/draw/entrant.ts';
import { createEntrantListBuilder, type EntrantList } from '../../contracts/draw/entrant-list.ts';
import { entrantLeaves, placeLeaves } from '../../contracts/draw/leaves.ts';
import { chunkRoots, merkleRoot } from '../../contracts/draw/merkle.ts';
import { drawPlaces } from '../../contracts/draw/places.ts';
import { indexRecords, parseRecord, writeEntrantId } from './records.ts';

export interface SortTask {
  /** As packRecords makes them. */
  readonly records: readonly Uint8Array<ArrayBuffer>[];
}

export interface SortedEntrants {
  readonly list: EntrantList;
  /** Whose entry each one of the list is: not public, and known to the thread that reads Redis only. */
  readonly shoppers: { readonly bytes: Uint8Array<ArrayBuffer>; readonly ends: Uint32Array<ArrayBuffer> };
  readonly entrantRoots: Uint8Array<ArrayBuffer>;
  readonly root: Uint8Array<ArrayBuffer>;
  /** Records of an entrant that the list had already: the first one counts. */
  readonly duplicates: number;
}

export interface DrawTask {
  readonly list: EntrantList;
  readonly root: Uint8Array;
  readonly seed: Uint8Array;
  readonly iterations: number;
}

export interface DrawnPlaces {
  readonly places: Uint32Array<ArrayBuffer>;
  readonly placeRoots: Uint8Array<ArrayBuffer>;
  readonly placesRoot: Uint8Array<ArrayBuffer>;
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
}

export function sortEntrants({ records: packed }: SortTask): SortedEntrants {
  const records = indexRecords(packed);
  const ids = Buffer.alloc(records.count * ENTRANT_ID_BYTES);
  for (let at = 0; at < records.count; at += 1) writeEntrantId(records.at(at), ids, at * ENTRANT_ID_BYTES);
  const idAt = (at: number): Buffer => ids.subarray(at * ENTRANT_ID_BYTES, (at + 1) * ENTRANT_ID_BYTES);

  const builder = createEntrantListBuilder(records.count);
  const shoppers = { bytes: new Uint8Array(sumOfLengths(packed)), ends: new Uint32Array(records.count) };
  let count = 0;
  let end = 0;
  let before: Buffer = Buffer.alloc(0);
  for (const at of sortedIndexes(ids, ENTRANT_ID_BYTES)) {
    const id = idAt(at);
    if (before.equals(id)) continue;
    before = id;
    const { lane, shopperId, nonce } = parseRecord(records.at(at));
    builder.append(id, lane.toString('utf8'), nonce);
    shoppers.bytes.set(shopperId, end);
    end += shopperId.length;
    shoppers.ends[count] = end;
    count += 1;
  }
  const list = builder.finish();
  const entrantRoots = new Uint8Array(chunkRoots(entrantLeaves(list), CHUNK_ENTRANTS));
  const root = new Uint8Array(merkleRoot(entrantRoots));
  return { list, shoppers, entrantRoots, root, duplicates: records.count - count };
}

/** Begins with the slow step: until the key is there, nobody can tell what the draw makes of the list. */
export function computeDraw({ list, root, seed, iterations }: DrawTask): DrawnPlaces {
  const places = drawPlaces(list, drawKey(seed, root, iterations));
  const placeRoots = new Uint8Array(chunkRoots(placeLeaves(list, places), CHUNK_ENTRANTS));
  const placesRoot = new Uint8Array(merkleRoot(placeRoots));
  const chunks = Array.from({ length: Math.ceil(list.count / CHUNK_ENTRANTS) }, (_, chunk) =>
    encodeChunk(list, places, chunk),
  );
  return { places, placeRoots, placesRoot, chunks };
}

function sumOfLengths(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
