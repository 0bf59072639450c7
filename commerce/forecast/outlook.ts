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
  return { mean: by(mean), variance: by(variance), sumVariance: by(sumVariance) };
}
