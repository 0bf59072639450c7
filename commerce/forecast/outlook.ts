/** What a model says of the days ahead, before intervals are made of it. */

export interface Outlook {
  /** Of each day. */
  readonly mean: Float64Array;
  /** Of what is asked for on each day, not only of its mean. */
  readonly variance: Float64Array;
  /** Of the sum of all days up to each one: errors of the level go on, so it is more than the days' variances together. */
  readonly sumVariance: Float64Array;
}

/** The same with other means; what varies with them does so in the same measure, as counts do. */
export function scaled({ mean, variance, sumVariance }: Outlook, factors: ArrayLike<number>): Outlook {
  const by = (values: Float64Array) => values.map((value, at) => value * (factors[at] ?? 1));
  const means = by(mean);
  let [before, after] = [0, 0];
  const ofSums = sumVariance.map((value, at) => {
    before += mean[at] ?? 0;
    after += means[at] ?? 0;
    return before === 0 ? value : value * (after / before);
  });
  return { mean: means, variance: by(variance), sumVariance: neverLess(ofSums) };
}

/** A longer time is not known better, whatever its days are scaled by. */
export function neverLess(values: Float64Array): Float64Array {
  let most = 0;
  return values.map((value) => {
    most = Math.max(most, value);
    return most;
  });
}
