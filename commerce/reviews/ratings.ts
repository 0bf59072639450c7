/** Ratings by stars, and what is said of them. */

export type ByStars = readonly [number, number, number, number, number];

export interface RatingSummary {
  readonly count: number;
  /** With one decimal for people; null where nobody has rated. */
  readonly average: number | null;
  /** How many gave one star, two, …, five. */
  readonly distribution: ByStars;
}

export function summaryOf(distribution: ByStars): RatingSummary {
  const count = distribution.reduce((sum, one) => sum + one, 0);
  const average = count === 0 ? null : Math.round((10 * weigh(distribution)) / count) / 10;
  return { count, average, distribution };
}

const weigh = (distribution: ByStars) => distribution.reduce((sum, count, at) => sum + count * (at + 1), 0);
