/** Sums and middles of series. */

export type Series = ArrayLike<number>;

export function sumOf(series: Series): number {
  let sum = 0;
  for (let at = 0; at < series.length; at += 1) sum += series[at] ?? 0;
  return sum;
}

export function meanOf(series: Series): number {
  return series.length === 0 ? 0 : sumOf(series) / series.length;
}

export function medianOf(values: Series): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

export function partOf(series: Series, from: number, to: number = series.length): Float64Array {
  const length = Math.max(0, Math.min(to, series.length) - from);
  return Float64Array.from({ length }, (_, at) => series[from + at] ?? 0);
}
