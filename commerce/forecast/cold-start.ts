/**
 * What is too new to have a history is expected to sell like its category, and less so with each day of its own: the rates
 * of a category's articles are taken for a gamma distribution (its mean and spread seen), which each article's own count
 * narrows down. What it may sell is then negative binomial, with all the doubt that there is.
 */
import { meanOf, type Series, sumOf } from './numbers.ts';
import type { Outlook } from './outlook.ts';

export interface CategoryRates {
  /** Whose it is: 'category', or 'shop' where the category knows too little itself. */
  readonly from: 'category' | 'shop';
  readonly articles: number;
  /** Units a day of an article. */
  readonly mean: number;
  /** Of the rates of different articles. */
  readonly variance: number;
  /** Of each weekday next to the mean of all, from the day on that comes next. */
  readonly week: readonly number[];
}

export const WEEK = 7;
/** A spread below this part of the mean is taken for chance. */
const LEAST_SPREAD = 0.25;

export interface CategorySums {
  readonly articles: number;
  readonly units: number;
  /** The sum of the squares of what each article sold. */
  readonly squares: number;
  /** Units on each weekday, the first that of the day that comes next. */
  readonly week: readonly number[];
}

/** Of articles that have all been on sale for as many days. */
export function ratesOf(from: CategoryRates['from'], sums: CategorySums, days: number): CategoryRates {
  const articles = Math.max(1, sums.articles);
  const mean = sums.units / articles / days;
  const spread = sums.squares / articles / days ** 2 - mean ** 2;
  // A count over some days varies by itself; what is more than that is what articles differ by.
  const variance = Math.max((LEAST_SPREAD * mean) ** 2, spread - mean / days);
  return { from, articles: sums.articles, mean, variance, week: weekOf(sums.week) };
}

export function addSums(all: readonly CategorySums[]): CategorySums {
  const add = (part: (sums: CategorySums) => number) => all.reduce((sum, one) => sum + part(one), 0);
  return {
    ...{ articles: add(({ articles }) => articles), units: add(({ units }) => units) },
    squares: add(({ squares }) => squares),
    week: Array.from({ length: WEEK }, (_, day) => add(({ week }) => week[day] ?? 0)),
  };
}

/** A little of the even week in it, so that a category with few orders does not rule a weekday out. */
function weekOf(units: readonly number[]): number[] {
  const mean = meanOf(units);
  return units.map((sum) => (mean === 0 ? 1 : (sum + mean / 2) / (1.5 * mean)));
}

export function outlookOfNewcomer(own: Series, category: CategoryRates, days: number): Outlook & { rate: number } {
  const { mean, variance, week } = category;
  const certainty = variance === 0 ? 0 : mean / variance;
  const shape = mean * certainty + sumOf(own);
  const rate = certainty + own.length === 0 ? 0 : shape / (certainty + own.length);
  const means = Float64Array.from({ length: days }, (_, at) => rate * (week[at % WEEK] ?? 1));
  const varies = (expected: number) => expected + (shape === 0 ? 0 : expected ** 2 / shape);
  let sum = 0;
  const sumVariance = means.map((expected) => {
    sum += expected;
    return varies(sum);
  });
  return { rate, mean: means, variance: means.map(varies), sumVariance };
}
