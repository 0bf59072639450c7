/** Below which a count lies with a given chance, by its mean and its variance. */

/** From this mean on a count is as good as continuous, and the loop below would be long. */
const NORMAL_FROM = 200;
const MOST_STEPS = 5_000;

/** Never below zero. A variance above the mean is one of a negative binomial distribution, otherwise of a Poisson one. */
export function countQuantile(mean: number, variance: number, chance: number): number {
  if (mean <= 0) return 0;
  if (mean >= NORMAL_FROM) return Math.max(0, Math.round(mean + normalQuantile(chance) * Math.sqrt(variance)));
  const isPoisson = variance <= mean * 1.001;
  const size = isPoisson ? 0 : (mean * mean) / (variance - mean);
  const ratio = isPoisson ? 0 : mean / (size + mean);
  let part = isPoisson ? Math.exp(-mean) : Math.exp(-size * Math.log1p(mean / size));
  let sum = part;
  let count = 0;
  while (sum < chance && count < MOST_STEPS) {
    part *= isPoisson ? mean / (count + 1) : ((count + size) / (count + 1)) * ratio;
    sum += part;
    count += 1;
  }
  return count;
}

/** Of the standard normal distribution: Acklam's rational approximation, right to nine digits. */
export function normalQuantile(chance: number): number {
  if (!(chance > 0 && chance < 1)) throw new RangeError(`a chance lies between 0 and 1, not at ${chance}`);
  const LOW = 0.02425;
  if (chance < LOW) {
    const q = Math.sqrt(-2 * Math.log(chance));
    return polynomial(TAIL_ABOVE, q) / (polynomial(TAIL_BELOW, q) * q + 1);
  }
  if (chance > 1 - LOW) return -normalQuantile(1 - chance);
  const q = chance - 0.5;
  const r = q * q;
  return (polynomial(ABOVE, r) * q) / (polynomial(BELOW, r) * r + 1);
}

const ABOVE = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const BELOW = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
const TAIL_ABOVE = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BELOW = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
}
