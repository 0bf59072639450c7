/**
 * Whether a figure changed, or only was measured again.
 *
 * With three to five rounds there is no robust way: a median of distances sees too little noise in three values, a rank
 * test can prove nothing at all (three against three is never below p = 0.1), and Welch's test at 99 % finds only half
 * of the losses of 15 % at a noise of 3 %. Simulated with noise of 3 and 8 %, and with every seventh round a third slower,
 * three standard errors of the medians called 1 to 2 of 100 unchanged figures changed with three rounds, 1 with five, 3
 * to 5 with two, and found 96 of 100 losses of 15 % at a noise of 3 %. A round that was disturbed makes the rule more
 * careful, not bolder. It knows nothing of a machine that is slower all day than the day before: a drift of 3 % makes it
 * cry 12 times in 100. The bare part beside a figure drifts as well, which is what ratios are for.
 */
import { median } from './statistics.ts';

export const LEAST_CHANGE = 0.05;
const STANDARD_ERRORS = 3;
/** A median of few values scatters about this much more than their mean. */
const MEDIAN_OVER_MEAN = 1.25;
export const LEAST_ROUNDS = 2;

export const RULE =
  'A change counts when it is more than 5 % and more than three standard errors of the two medians, as the rounds of both reports scatter; a figure with a single round in either is told and not judged.';

/** What the difference of two medians may be by chance, as a share of the first. */
export function noiseOf(before: readonly number[], after: readonly number[]): number {
  const middle = Math.abs(median(before));
  if (middle === 0) return Number.POSITIVE_INFINITY;
  return (STANDARD_ERRORS * Math.hypot(errorOfMedian(before), errorOfMedian(after))) / middle;
}

/** The noise of ours ÷ bare, when both scatter by themselves: shares add up by their squares. */
export function combinedNoise(...shares: readonly number[]): number {
  return Math.hypot(...shares);
}

export function isBeyond(change: number, noise: number): boolean {
  return Math.abs(change) > Math.max(LEAST_CHANGE, noise);
}

function errorOfMedian(values: readonly number[]): number {
  return (MEDIAN_OVER_MEAN * deviation(values)) / Math.sqrt(values.length);
}

function deviation(values: readonly number[]): number {
  if (values.length < LEAST_ROUNDS) return Number.POSITIVE_INFINITY;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
