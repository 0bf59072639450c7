/** The draw itself: a key that nobody could know before the list was final gives each entrant a value to be sorted by. */
import { createHmac } from 'node:crypto';
import { sortedIndexes } from './bytes.ts';
import { type EntrantList, idAt } from './entrant-list.ts';

const VALUE_BYTES = 16;

/** Entry by entry of the list: its place within its lane, from 1 on. */
export function drawPlaces(list: EntrantList, key: Uint8Array): Uint32Array<ArrayBuffer> {
  const values = new Uint8Array(list.count * VALUE_BYTES);
  for (let at = 0; at < list.count; at += 1) {
    const value = createHmac('sha256', key).update(idAt(list, at)).digest();
    values.set(value.subarray(0, VALUE_BYTES), at * VALUE_BYTES);
  }
  const places = new Uint32Array(list.count);
  const given = list.laneNames.map(() => 0);
  for (const at of sortedIndexes(values, VALUE_BYTES)) {
    const lane = list.lanes[at] ?? 0;
    const place = (given[lane] ?? 0) + 1;
    given[lane] = place;
    places[at] = place;
  }
  return places;
}
