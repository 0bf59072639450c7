/** What is hashed of an entrant, before the draw and after it. */
import { hash } from 'node:crypto';
import { ENTRANT_ID_BYTES } from './entrant.ts';
import { type EntrantList, idAt, laneAt, nonceAt } from './entrant-list.ts';
import { HASH_BYTES } from './merkle.ts';

const LEAF_PREFIX = 0x00;
const LANE_BYTES = 255;
const PLACE_BYTES = 4;

/** 0x00, the entrant's id, the length of the lane's name, the lane's name, the nonce. */
export function entrantLeaf(id: Uint8Array, lane: Uint8Array, nonce: Uint8Array): Uint8Array {
  if (lane.length > LANE_BYTES) throw new RangeError(`the name of a lane has at most ${LANE_BYTES} bytes`);
  const text = new Uint8Array(2 + ENTRANT_ID_BYTES + lane.length + nonce.length);
  text[0] = LEAF_PREFIX;
  text.set(id, 1);
  text[1 + ENTRANT_ID_BYTES] = lane.length;
  text.set(lane, 2 + ENTRANT_ID_BYTES);
  text.set(nonce, 2 + ENTRANT_ID_BYTES + lane.length);
  return hash('sha256', text, 'buffer');
}

/** 0x00, the entrant's id, the lane's name, the place as four bytes, the highest first. */
export function placeLeaf(id: Uint8Array, lane: Uint8Array, place: number): Uint8Array {
  const text = new Uint8Array(1 + ENTRANT_ID_BYTES + lane.length + PLACE_BYTES);
  text[0] = LEAF_PREFIX;
  text.set(id, 1);
  text.set(lane, 1 + ENTRANT_ID_BYTES);
  new DataView(text.buffer).setUint32(1 + ENTRANT_ID_BYTES + lane.length, place);
  return hash('sha256', text, 'buffer');
}

export function entrantLeaves(list: EntrantList): Uint8Array {
  return leavesOf(list, (at, lane) => entrantLeaf(idAt(list, at), lane, nonceAt(list, at)));
}

export function placeLeaves(list: EntrantList, places: Uint32Array): Uint8Array {
  return leavesOf(list, (at, lane) => placeLeaf(idAt(list, at), lane, places[at] ?? 0));
}

function leavesOf(list: EntrantList, leafOf: (at: number, lane: Uint8Array) => Uint8Array): Uint8Array {
  const lanes = new Map(list.laneNames.map((name) => [name, Buffer.from(name)]));
  const leaves = new Uint8Array(list.count * HASH_BYTES);
  for (let at = 0; at < list.count; at += 1) {
    leaves.set(leafOf(at, lanes.get(laneAt(list, at)) ?? Buffer.alloc(0)), at * HASH_BYTES);
  }
  return leaves;
}
