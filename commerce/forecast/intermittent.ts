/**
 * Demand with many days of none. Croston's way smooths how much is asked for and how many days lie between, with the
 * correction of Syntetos and Boylan (2005), since the plain quotient is too high. That of Teunter, Syntetos and Babai (2011)
 * smooths the chance of a day instead and learns from days without demand, too: it sees that something is not asked for any
 * more. Whichever would have been nearer is taken.
 */
import { type Series, sumOf } from './numbers.ts';
import type { Outlook } from './outlook.ts';
import { minimise } from './search.ts';

export interface Intermittent {
  readonly model: 'croston' | 'tsb';
  readonly parameters: { readonly alpha: number; readonly beta: number };
  readonly mean: number;
  readonly variance: number;
}

const EVALUATIONS = 60;
/** Its parameters are small: each day says little. */
const BOUND = { from: 0.02, to: 0.3, start: 0.1 };

export function fitIntermittent(series: Series): Intermittent {
  const ends = isGoingOut(series);
  const ways = (ends ? [tsb] : [croston, tsb]).map((way) => {
    const bounds = [BOUND, ends ? { ...BOUND, from: BOUND.start } : BOUND];
    const { at, value } = minimise(([a = 0, b = 0]) => way(series, a, b).meanSquare, bounds, EVALUATIONS);
    return { way, value, alpha: at[0] ?? BOUND.start, beta: at[1] ?? BOUND.start };
  });
  const [best] = ways.toSorted((a, b) => a.value - b.value);
  if (best === undefined) throw new Error('there is a way');
  const { alpha, beta, way } = best;
  const { mean, meanSquare } = way(series, alpha, beta);
  const model = way === croston ? 'croston' : 'tsb';
  return { model, parameters: { alpha, beta }, mean, variance: Math.max(mean, meanSquare) };
}

/** So long a time without demand is no chance any more. */
const NO_CHANCE = 0.01;

function isGoingOut(series: Series): boolean {
  let [hits, since] = [0, 0];
  for (let at = 0; at < series.length; at += 1) {
    since = (series[at] ?? 0) > 0 ? 0 : since + 1;
    if (since === 0) hits += 1;
  }
  return (1 - hits / Math.max(1, series.length - since)) ** since < NO_CHANCE;
}

interface Run {
  readonly mean: number;
  readonly meanSquare: number;
}

/** The first guess: of as many days as have to be seen to see demand several times. */
function startOf(series: Series): { readonly size: number; readonly chance: number } {
  let [days, hits, units] = [0, 0, 0];
  while (days < series.length && hits < 3) {
    const asked = series[days] ?? 0;
    if (asked > 0) hits += 1;
    units += asked;
    days += 1;
  }
  return { size: hits === 0 ? 0 : units / hits, chance: days === 0 ? 0 : hits / days };
}

function croston(series: Series, alpha: number, beta: number): Run {
  let { size, chance } = startOf(series);
  let gap = chance === 0 ? series.length : 1 / chance;
  let [since, squares] = [1, 0];
  const expected = () => ((1 - beta / 2) * size) / Math.max(1, gap);
  for (let at = 0; at < series.length; at += 1) {
    const asked = series[at] ?? 0;
    squares += (asked - expected()) ** 2;
    if (asked > 0) {
      size += alpha * (asked - size);
      gap += beta * (since - gap);
      since = 1;
    } else since += 1;
  }
  return { mean: expected(), meanSquare: squares / Math.max(1, series.length) };
}

function tsb(series: Series, alpha: number, beta: number): Run {
  let { size, chance } = startOf(series);
  let squares = 0;
  for (let at = 0; at < series.length; at += 1) {
    const asked = series[at] ?? 0;
    squares += (asked - size * chance) ** 2;
    chance += beta * ((asked > 0 ? 1 : 0) - chance);
    if (asked > 0) size += alpha * (asked - size);
  }
  return { mean: size * chance, meanSquare: squares / Math.max(1, series.length) };
}

export function outlookOfIntermittent({ mean, variance, parameters: { beta } }: Intermittent, days: number): Outlook {
  // How far off the rate itself may be: a smoothed mean has this part of the variance of a day.
  const ofRate = (variance * beta) / (2 - beta);
  return {
    mean: new Float64Array(days).fill(mean),
    variance: new Float64Array(days).fill(variance),
    sumVariance: Float64Array.from({ length: days }, (_, at) => (at + 1) * variance + (at + 1) ** 2 * ofRate),
  };
}

/** Days for each day with demand: above 1.32 the classification of Syntetos, Boylan and Croston (2005) calls it intermittent. */
const INTERMITTENT_FROM = 1.32;

export function isIntermittent(series: Series): boolean {
  let hits = 0;
  for (let at = 0; at < series.length; at += 1) if ((series[at] ?? 0) > 0) hits += 1;
  return sumOf(series) > 0 && series.length / hits > INTERMITTENT_FROM;
}
