/** What the shoppers of one load were answered. */
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { createLatencies, recordMs } from '../../crew/histograms.ts';
import type { Asked } from './notes.ts';

export interface Tally {
  won(claimId: string): void;
  refused(code: string): void;
  /** Answered, so long after it was due. */
  took(ms: number): void;
  askedAgain(): void;
  unanswered(): void;
  readonly wins: number;
  startMeasuring(): void;
  stopMeasuring(): void;
  result(): Asked;
}

export function createTally(): Tally {
  const won: string[] = [];
  const refused: Record<string, number> = {};
  const latencies = createLatencies();
  const fromMs = performance.timeOrigin + performance.now();
  let [askedAgain, unanswered, measured] = [0, 0, 0];
  let [startMs, stopMs] = [0, 0];
  return {
    won(claimId) {
      won.push(claimId);
    },
    refused(code) {
      refused[code] = (refused[code] ?? 0) + 1;
    },
    took(ms) {
      if (startMs === 0 || stopMs !== 0) return;
      measured += 1;
      recordMs(latencies, ms);
    },
    askedAgain() {
      askedAgain += 1;
    },
    unanswered() {
      unanswered += 1;
    },
    get wins() {
      return won.length;
    },
    startMeasuring() {
      startMs = performance.now();
    },
    stopMeasuring() {
      stopMs = performance.now();
    },
    result: () => ({
      ...{ won, refused, askedAgain, unanswered, measured, measuredMs: stopMs - startMs, fromMs },
      histogram: encodeIntoCompressedBase64(latencies),
    }),
  };
}
