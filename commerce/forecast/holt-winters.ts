/**
 * Exponential smoothing with a damped trend and, if `period` is above 1, an additive season (Holt-Winters). Errors beyond
 * what is usual are cut before they are learned from (Gelper, Fried, Croux 2010): a day of a promotion would otherwise be
 * expected again tomorrow, and on the same weekday for weeks.
 */
import { meanOf, medianOf, type Series } from './numbers.ts';
import type { Outlook } from './outlook.ts';
import { type Bound, minimise } from './search.ts';

export interface SmoothingParameters {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

export interface Smoothed {
  readonly parameters: SmoothingParameters;
  readonly period: number;
  readonly level: number;
  readonly trend: number;
  /** Of the weekday that comes next first. */
  readonly season: Float64Array;
  /** The mean square of the errors that were learned from, in units of the expected mean: 1 of a Poisson count. */
  readonly dispersion: number;
  /** Of one-step errors, cut: what the parameters were chosen by. */
  readonly meanSquare: number;
}

/** Errors count up to so many times their usual size. */
const CUT = 3;
/** The spread of a normal distribution by its median distance. */
const BY_MEDIAN = 1.4826;
const EVALUATIONS = 120;
/** What a mean below this counts as, where errors are put in relation to it. */
const LEAST_MEAN = 0.5;
/** Days that were all the same will not be so for ever. */
const LEAST_DISPERSION = 0.2;
/** Weeks that the season begins with. */
const FIRST_PERIODS = 4;
const DAMPED: Bound = { from: 0.8, to: 0.98, start: 0.9 };

export function fitSmoothing(series: Series, period: number): Smoothed {
  const bounds: Bound[] = [
    { from: 0.01, to: 0.8, start: 0.2 },
    { from: 0, to: 0.3, start: 0.02 },
    DAMPED,
    ...(period > 1 ? [{ from: 0, to: 0.5, start: 0.1 }] : []),
  ];
  const cut = cutOf(series, period);
  const start = startOf(series, period);
  const { at } = minimise((given) => smooth(series, parametersOf(given), start, cut).meanSquare, bounds, EVALUATIONS);
  const parameters = parametersOf(at);
  return { parameters, period, ...smooth(series, parameters, start, cut) };
}

function parametersOf([alpha = 0, beta = 0, phi = 0, gamma = 0]: readonly number[]): SmoothingParameters {
  return { alpha, beta, gamma, phi };
}

interface Start {
  readonly level: number;
  readonly season: Float64Array;
}

function startOf(series: Series, period: number): Start {
  const length = Math.min(series.length, Math.max(period, period * FIRST_PERIODS));
  const first = Array.from({ length }, (_, at) => series[at] ?? 0);
  if (period === 1) return { level: medianOf(first.slice(0, 7)), season: new Float64Array(1) };
  const middles = Array.from({ length: period }, (_, day) => medianOf(first.filter((_, at) => at % period === day)));
  const level = meanOf(middles);
  return { level, season: Float64Array.from(middles, (middle) => middle - level) };
}

/** Beyond which an error is no news of the level: by how far days usually lie from the same day of the period before. */
function cutOf(series: Series, period: number): number {
  const lag = Math.min(period, Math.max(1, series.length - 1));
  const length = Math.max(0, series.length - lag);
  const steps = Array.from({ length }, (_, at) => Math.abs((series[at + lag] ?? 0) - (series[at] ?? 0)));
  return Math.max(1, (CUT * BY_MEDIAN * medianOf(steps)) / Math.SQRT2);
}

type State = Omit<Smoothed, 'parameters' | 'period'>;

function smooth(series: Series, { alpha, beta, gamma, phi }: SmoothingParameters, start: Start, cut: number): State {
  const period = start.season.length;
  const season = Float64Array.from(start.season);
  let { level } = start;
  let [trend, squares, relative] = [0, 0, 0];
  for (let at = 0; at < series.length; at += 1) {
    const day = at % period;
    const inSeason = season[day] ?? 0;
    const expected = level + phi * trend + inSeason;
    const error = Math.max(-cut, Math.min(cut, (series[at] ?? 0) - expected));
    squares += error * error;
    relative += (error * error) / Math.max(LEAST_MEAN, expected);
    // Error-correction form: one error moves level, trend and season by their parts of it.
    level += phi * trend + alpha * error;
    trend = phi * trend + alpha * beta * error;
    season[day] = inSeason + gamma * (1 - alpha) * error;
  }
  const days = Math.max(1, series.length);
  const next = Float64Array.from(season, (_, at) => season[(series.length + at) % period] ?? 0);
  return {
    level,
    trend,
    season: next,
    meanSquare: squares / days,
    dispersion: Math.max(LEAST_DISPERSION, relative / days),
  };
}

export function outlookOfSmoothed(smoothed: Smoothed, days: number): Outlook {
  const { level, trend, season, dispersion, period } = smoothed;
  const { alpha, beta, gamma, phi } = smoothed.parameters;
  const mean = new Float64Array(days);
  const variance = new Float64Array(days);
  /** By how much an error of today moves the day that is `at` days later. */
  const carried = new Float64Array(days + 1);
  let [damped, growth, squares] = [0, 0, 1];
  for (let at = 0; at < days; at += 1) {
    growth += phi ** (at + 1);
    mean[at] = Math.max(0, level + growth * trend + (season[at % period] ?? 0));
    const own = dispersion * Math.max(LEAST_MEAN, mean[at] ?? 0);
    variance[at] = own * squares;
    damped += phi ** (at + 1);
    const seasonal = period > 1 && (at + 1) % period === 0 ? gamma * (1 - alpha) : 0;
    carried[at + 1] = alpha * (1 + beta * damped) + seasonal;
    squares += (carried[at + 1] ?? 0) ** 2;
  }
  return { mean, variance, sumVariance: sumVariances(mean, dispersion, carried) };
}

function sumVariances(mean: Float64Array, dispersion: number, carried: Float64Array): Float64Array {
  // An error of day i is in the sum with itself and with all that it moves until the end.
  const reach = new Float64Array(carried.length);
  reach[0] = 1;
  for (let at = 1; at < carried.length; at += 1) reach[at] = (reach[at - 1] ?? 0) + (carried[at] ?? 0);
  return mean.map((_, end) => {
    let sum = 0;
    for (let day = 0; day <= end; day += 1) {
      sum += dispersion * Math.max(LEAST_MEAN, mean[day] ?? 0) * (reach[end - day] ?? 0) ** 2;
    }
    return sum;
  });
}
