/**
 * Whether an arm does better than the control. What is compared is shoppers, as arms are given by shopper: each either did
 * it or did not. A rate has the interval of Wilson, the difference of two that of Newcombe (hybrid score, his method 10,
 * Statistics in Medicine 17, 1998), their ratio that of Katz; clicks of a list, of which one shopper sees many, that of the
 * delta method over shoppers.
 */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Share {
  readonly done: number;
  readonly of: number;
}

/** The interval of a share. */
export function wilson({ done, of }: Share, z: number): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const share = done / of;
  const middle = share + (z * z) / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) };
}

/** The interval of share − control. */
export function newcombe(share: Share, control: Share, z: number): Interval {
  const [one, other] = [rateOf(share), rateOf(control)];
  const [mine, theirs] = [wilson(share, z), wilson(control, z)];
  const difference = one - other;
  return {
    low: difference - Math.hypot(one - mine.low, theirs.high - other),
    high: difference + Math.hypot(mine.high - one, other - theirs.low),
  };
}

/** The interval of share ÷ control − 1; undefined where either is none yet. */
export function katz(share: Share, control: Share, z: number): Interval | undefined {
  if (share.done === 0 || control.done === 0) return undefined;
  const ratio = rateOf(share) / rateOf(control);
  const reach = z * Math.sqrt(1 / share.done - 1 / share.of + 1 / control.done - 1 / control.of);
  return { low: ratio * Math.exp(-reach) - 1, high: ratio * Math.exp(reach) - 1 };
}

/** Sums over shoppers of what they saw (x) and did (y). */
export interface Sums {
  readonly shoppers: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** y ÷ x and its standard error: the shoppers are independent of one another, what one of them sees is not. */
export function ratioOfSums({ shoppers, x, y, xx, xy, yy }: Sums): { readonly rate: number; readonly error: number } {
  if (shoppers < 2 || x === 0) return { rate: x === 0 ? 0 : y / x, error: Number.POSITIVE_INFINITY };
  const rate = y / x;
  const mean = x / shoppers;
  // The sum of (y − rate·x)², whose mean is nothing by construction.
  const squares = Math.max(0, yy - 2 * rate * xy + rate * rate * xx);
  return { rate, error: Math.sqrt(squares / (shoppers - 1) / shoppers) / mean };
}

/** How many shoppers each arm needs to show a lift of this size four times in five. */
export function sampleNeeded(controlRate: number, lift: number, z: number): number | undefined {
  const better = controlRate * (1 + lift);
  if (controlRate <= 0 || better >= 1) return undefined;
  const spread = controlRate * (1 - controlRate) + better * (1 - better);
  return Math.ceil(((z + Z_OF_POWER_80) ** 2 * spread) / (better - controlRate) ** 2);
}

const Z_OF_POWER_80 = 0.841621233572914;

/**
 * How many standard errors a two-sided interval reaches at this level, after Acklam (relative error 1.2e-9). With several
 * arms the level is parted among them: otherwise one of many looks better by chance.
 */
export function zOf(level: number, comparisons = 1): number {
  return quantile(1 - (1 - level) / 2 / Math.max(1, comparisons));
}

function quantile(p: number): number {
  const [a, b, c, d] = ACKLAM;
  const tail = 0.02425;
  if (p > 1 - tail) return -quantile(1 - p);
  if (p >= tail) {
    const q = p - 0.5;
    const r = q * q;
    return (polynomial(a, r) * q) / (polynomial(b, r) * r + 1);
  }
  const q = Math.sqrt(-2 * Math.log(p));
  return polynomial(c, q) / (polynomial(d, q) * q + 1);
}

const polynomial = (factors: readonly number[], at: number): number =>
  factors.reduce((sum, factor) => sum * at + factor, 0);

const ACKLAM = [
  [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239],
  [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572],
  [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416],
] as const;

const rateOf = ({ done, of }: Share): number => (of === 0 ? 0 : done / of);
