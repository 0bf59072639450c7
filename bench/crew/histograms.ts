/** Latencies in microseconds: how they are kept, how they cross from generators (as text), and several as one. */
import { build, decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';

const HIGHEST_US = 600_000_000;
const US_PER_MS = 1_000;

export function createLatencies(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3 });
}

/** `count` that took as long. */
export function recordMs(latencies: Histogram, ms: number, count = 1): void {
  const us = Math.min(HIGHEST_US, Math.max(1, Math.round(ms * US_PER_MS)));
  latencies.recordValueWithCount(us, count);
}

/** Those of several rounds, or processes, as one. */
export function joinHistograms(histograms: readonly Histogram[]): Histogram {
  const all = createLatencies();
  for (const one of histograms) all.add(one);
  return all;
}

export function decodeHistograms(encoded: readonly string[]): Histogram {
  return joinHistograms(encoded.map((text) => decodeFromCompressedBase64(text)));
}
