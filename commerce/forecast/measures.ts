/** How far forecasts were off. */
import { type Series, sumOf } from './numbers.ts';

export interface Accuracy {
  /** The mean error next to that of last week's same day within what was known: below 1 is better than that. */
  readonly mase: number;
  /** In percent of the mean of both, days with nothing on both sides left out. */
  readonly smape: number;
  /** All errors next to all demand, in percent. */
  readonly wape: number;
  /** The same of what was asked for over the whole time, which is what orders are made by. */
  readonly wapeOfSums: number;
  /** Days within their interval, in percent; undefined where none was given. */
  readonly covered: number | undefined;
}

export interface Comparison {
  readonly known: Series;
  readonly actual: Series;
  readonly expected: Series;
  readonly low?: Series | undefined;
  readonly high?: Series | undefined;
}

const PERCENT = 100;

export function accuracyOf(comparisons: readonly Comparison[], period: number): Accuracy {
  const errors = comparisons.map(absoluteErrorOf);
  const mase = comparisons.flatMap(({ known, actual }, at) => {
    const scale = seasonalErrorOf(known, period);
    return scale === 0 ? [] : [(errors[at] ?? 0) / actual.length / scale];
  });
  const symmetric = comparisons.flatMap(symmetricErrorsOf);
  const demand = comparisons.reduce((sum, { actual }) => sum + sumOf(actual), 0);
  const ofSums = comparisons.map(({ actual, expected }) => Math.abs(sumOf(actual) - sumOf(expected)));
  return {
    mase: meanOr(mase, Number.NaN),
    smape: PERCENT * meanOr(symmetric, 0),
    wape: (PERCENT * sumOf(errors)) / Math.max(1, demand),
    wapeOfSums: (PERCENT * sumOf(ofSums)) / Math.max(1, demand),
    covered: coverageOf(comparisons),
  };
}

function absoluteErrorOf({ actual, expected }: Comparison): number {
  return sumOf(Array.from(actual, (value, at) => Math.abs(value - (expected[at] ?? 0))));
}

function seasonalErrorOf(known: Series, period: number): number {
  const length = Math.max(0, known.length - period);
  const errors = Array.from({ length }, (_, at) => Math.abs((known[at + period] ?? 0) - (known[at] ?? 0)));
  return meanOr(errors, 0);
}

function symmetricErrorsOf({ actual, expected }: Comparison): number[] {
  return Array.from(actual, (value, at) => [value, expected[at] ?? 0] as const)
    .filter(([value, told]) => value + told > 0)
    .map(([value, told]) => (2 * Math.abs(value - told)) / (value + told));
}

function coverageOf(comparisons: readonly Comparison[]): number | undefined {
  const inside = comparisons.flatMap(({ actual, low, high }) => {
    if (low === undefined || high === undefined) return [];
    return Array.from(actual, (value, at) => (value >= (low[at] ?? 0) && value <= (high[at] ?? 0) ? 1 : 0));
  });
  return inside.length === 0 ? undefined : PERCENT * meanOr(inside, 0);
}

function meanOr(values: readonly number[], otherwise: number): number {
  return values.length === 0 ? otherwise : sumOf(values) / values.length;
}
