import type { Histogram } from 'hdr-histogram-js';
import type { Line } from './chart.ts';

const PERCENTILES = [0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99, 99.999];
const WHOLE = 100;

/** The percentiles of a histogram that it has enough values for. `perMs`: how many of its units are a millisecond. */
export function latencyLine(name: string, histogram: Histogram, perMs: number): Line {
  const { totalCount } = histogram;
  // Beyond 1 - 1/n there is only the largest value, which is no percentile.
  const known = PERCENTILES.filter((percentile) => (1 - percentile / WHOLE) * totalCount >= 1);
  return { name, points: known.map((at) => [at, histogram.getValueAtPercentile(at) / perMs]) };
}
