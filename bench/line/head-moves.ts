/** How long it takes until everybody who waits knows that the line has moved. */
import { build } from 'hdr-histogram-js';
import type { HeadSeen } from './generator/notes.ts';

export interface Move {
  readonly head: number;
  /** Epoch milliseconds at which the places up to `head` were called. */
  readonly atMs: number;
}

export interface HeadMoves {
  readonly moves: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Sockets that waited and were never told of a move, over all moves. */
  readonly missed: number;
}

const HIGHEST_MS = 600_000;

/** `waitingAt` says how many sockets still wait once the head is there: the others learn it by being admitted. */
export function measureMoves(
  moves: readonly Move[],
  seen: readonly (readonly HeadSeen[])[],
  waitingAt: (head: number) => number,
): HeadMoves {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_MS,
    numberOfSignificantValueDigits: 3,
  });
  let missed = 0;
  for (const { head, atMs } of moves) {
    const arrivals = seen.flatMap((heads) => heads.find((one) => one.head === head)?.atMs ?? []);
    for (const arrival of arrivals)
      histogram.recordValue(Math.min(HIGHEST_MS, Math.max(0, Math.round(arrival - atMs))));
    missed += Math.max(0, waitingAt(head) - arrivals.length);
  }
  const at = (percentile: number): number =>
    histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percentile);
  return { moves: moves.length, p50Ms: at(50), p99Ms: at(99), maxMs: histogram.maxValue, missed };
}
