/** Histograms of several processes and rounds as one. */
import { build, decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';

const HIGHEST_US = 600_000_000;
const US_PER_MS = 1_000;
export const PER_MS = US_PER_MS;

export function joinHistograms(packed: readonly string[]): Histogram {
  const all = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
  });
  for (const one of packed) all.add(decodeFromCompressedBase64(one));
  return all;
}

/** In ms, to a tenth; null where nothing was measured. */
export function percentileMs(histogram: Histogram, percentile: number): number | null {
  if (histogram.totalCount === 0) return null;
  return Math.round(histogram.getValueAtPercentile(percentile) / (US_PER_MS / 10)) / 10;
}
