/** The places into Redis, in bounded calls: the line goes on between them. */
import { LIMITS } from '../../contracts/limits.ts';
import type { Draw } from '../../reservation-core/draw.ts';
import type { SortedEntrants } from './compute.ts';

export interface Placements {
  readonly placed: number;
  /** Had a place already: a draw that is done again. */
  readonly replayed: number;
  readonly left: number;
  /** In the list, and unknown to the line: Redis has lost something of theirs. */
  readonly unknown: number;
}

export interface PlaceAllOptions {
  readonly draw: Draw;
  readonly dropId: string;
  readonly shoppers: SortedEntrants['shoppers'];
  readonly places: Uint32Array;
  readonly until: AbortSignal;
}

export async function placeAll(options: PlaceAllOptions): Promise<Placements> {
  const { draw, dropId, shoppers, places, until } = options;
  const bytes = Buffer.from(shoppers.bytes.buffer, shoppers.bytes.byteOffset, shoppers.bytes.length);
  const shopperAt = (at: number): string =>
    bytes.toString('utf8', at === 0 ? 0 : shoppers.ends[at - 1], shoppers.ends[at]);
  const counts = { PLACED: 0, REPLAYED: 0, LEFT: 0, UNKNOWN: 0, OPEN: 0 };
  let next = 0;

  async function placeNext(): Promise<void> {
    while (next < places.length) {
      until.throwIfAborted();
      const from = next;
      next = Math.min(places.length, from + LIMITS.drawPlaceBatch);
      const rows = Array.from({ length: next - from }, (_, row) => ({
        shopperId: shopperAt(from + row),
        place: places[from + row] ?? 0,
      }));
      for (const { reply } of await draw.place(dropId, rows)) counts[reply] += 1;
    }
  }
  await Promise.all(Array.from({ length: LIMITS.drawCallsInFlight }, placeNext));
  return { placed: counts.PLACED, replayed: counts.REPLAYED, left: counts.LEFT, unknown: counts.UNKNOWN };
}
