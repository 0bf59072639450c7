/** Counts what is done within a time, after a warm-up, and what it costs this process. */
import { setTimeout as delay } from 'node:timers/promises';
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { createLatencies, recordMs } from '../../crew/histograms.ts';
import type { Counted, Times } from './notes.ts';

export interface Meter {
  readonly goesOn: boolean;
  /** So many were done together, and took so long. */
  count(units: number, tookMs: number): void;
}

const US_PER_MS = 1_000;
const POLL_MS = 5;

/** `work` ends when it no longer goes on and everything that was begun has ended. */
export async function countIn(
  { warmUpMs, measureMs }: Times,
  work: (meter: Meter) => Promise<unknown>,
): Promise<Counted> {
  const latencies = createLatencies();
  let [units, goesOn, measures, ended] = [0, true, false, false];
  const running = work({
    get goesOn() {
      return goesOn;
    },
    count(done, tookMs) {
      if (!measures) return;
      units += done;
      recordMs(latencies, tookMs);
    },
  });
  const over = running.finally(() => {
    ended = true;
  });
  over.catch(() => undefined);
  await Promise.race([delay(warmUpMs), over]);
  const from = { atMs: performance.now(), cpu: process.cpuUsage() };
  measures = true;
  await Promise.race([delay(measureMs), over]);
  // Of what takes longer than the time that was given, on a busy machine, at least one is counted whole.
  while (units === 0 && !ended) await Promise.race([delay(POLL_MS), over]);
  measures = false;
  const tookMs = performance.now() - from.atMs;
  const { user, system } = process.cpuUsage(from.cpu);
  goesOn = false;
  await over;
  return { units, tookMs, cpuMs: (user + system) / US_PER_MS, histogram: encodeIntoCompressedBase64(latencies) };
}
