/** How long it takes until everybody who waits knows that the line has moved. */
import { build, type Histogram } from 'hdr-histogram-js';
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
  /** In milliseconds, of all moves; and the p99 of each of them. */
  readonly latencies: Histogram;
  readonly p99MsEach: readonly number[];
}

const HIGHEST_MS = 600_000;

/** `waitingAt` says how many sockets still wait once the head is there: the others learn it by being admitted. */
export function measureMoves(
  moves: readonly Move[],
  seen: readonly (readonly HeadSeen[])[],
  waitingAt: (head: number) => number,
): HeadMoves {
  const latencies = createLatencies();
  const p99MsEach: number[] = [];
  let missed = 0;
  for (const { head, atMs } of moves) {
    const arrivals = seen.flatMap((heads) => heads.find((one) => one.head === head)?.atMs ?? []);
    const ofThis = createLatencies();
    for (const arrival of arrivals) recordSince(ofThis, atMs, arrival);
    latencies.add(ofThis);
    p99MsEach.push(percentileOf(ofThis, P99));
    missed += Math.max(0, waitingAt(head) - arrivals.length);
  }
  return {
    ...{ moves: moves.length, p50Ms: percentileOf(latencies, P50), p99Ms: percentileOf(latencies, P99) },
    ...{ maxMs: latencies.maxValue, missed, latencies, p99MsEach },
  };
}

const P50 = 50;
const P99 = 99;

/** In milliseconds. */
export function createLatencies(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_MS,
    numberOfSignificantValueDigits: 3,
  });
}

export function recordSince(latencies: Histogram, fromMs: number, toMs: number): void {
  latencies.recordValue(Math.min(HIGHEST_MS, Math.max(0, Math.round(toMs - fromMs))));
}

export function percentileOf(latencies: Histogram, percentile: number): number {
  return latencies.totalCount === 0 ? 0 : latencies.getValueAtPercentile(percentile);
}
