/** Counts what a generator was answered. */
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { createLatencies, recordMs } from '../../crew/histograms.ts';
import { createTimeline } from '../../crew/timeline.ts';
import { fold, type LoadResult } from '../load.ts';

export interface Tally {
  won(claimId: string): void;
  refused(name: string): void;
  /**
   * How long `count` claims took that were answered together. They count when they were due in the measured time, whenever
   * they are answered: a server that stands still at the end is not spared what it kept waiting.
   */
  took(ms: number, count: number): void;
  failedCall(): void;
  readonly answered: number;
  /** The load begins: from here on the timeline is kept. */
  begin(): void;
  /** From here on what is due counts, and what is answered. */
  startMeasuring(): void;
  stopMeasuring(): void;
  result(): LoadResult;
}

interface Mark {
  readonly atMs: number;
  readonly answered: number;
  readonly cpuUs: number;
}

const US_PER_MS = 1_000;

export function createTally(): Tally {
  const refused: Record<string, number> = {};
  const latencies = createLatencies();
  let [won, fingerprint, answered, failedCalls] = [0, 0, 0, 0];
  let [from, until]: [Mark | undefined, Mark | undefined] = [undefined, undefined];
  const timeline = createTimeline(() => answered);
  const mark = (): Mark => {
    const { user, system } = process.cpuUsage();
    return { atMs: performance.now(), answered, cpuUs: user + system };
  };
  return {
    won(claimId) {
      won += 1;
      answered += 1;
      fingerprint = fold(fingerprint, claimId);
    },
    refused(name) {
      answered += 1;
      refused[name] = (refused[name] ?? 0) + 1;
    },
    took(ms, count) {
      const dueMs = performance.now() - ms;
      if (from === undefined || dueMs < from.atMs || (until !== undefined && dueMs >= until.atMs)) return;
      recordMs(latencies, ms, count);
    },
    failedCall() {
      failedCalls += 1;
    },
    get answered() {
      return answered;
    },
    begin() {
      timeline.start();
    },
    startMeasuring() {
      from ??= mark();
    },
    stopMeasuring() {
      until ??= mark();
      timeline.stop();
    },
    result() {
      const end = until ?? mark();
      const start = from ?? end;
      return {
        won,
        refused,
        fingerprint,
        failedCalls,
        measured: end.answered - start.answered,
        measuredMs: end.atMs - start.atMs,
        cpuMs: (end.cpuUs - start.cpuUs) / US_PER_MS,
        timeline: timeline.stop(),
        histogram: encodeIntoCompressedBase64(latencies),
      };
    },
  };
}
