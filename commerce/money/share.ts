/** Fractions of amounts, exact: an amount is an integer of minor units and never passes through a fraction of one. */

export type Rounding = 'half-up' | 'half-even' | 'down';

/** amount × numerator ÷ denominator, of numbers that are not negative. */
export function share(amount: number, numerator: number, denominator: number, rounding: Rounding = 'half-up'): number {
  const product = amount * numerator;
  // Twice the remainder has to be exact as well. Nearly every amount is far below it, and BigInt costs ten times as much.
  if (product <= Number.MAX_SAFE_INTEGER && denominator <= Number.MAX_SAFE_INTEGER / 2) {
    const rest = product % denominator;
    return (
      (product - rest) / denominator +
      (roundsUp(2 * rest, denominator, rounding, isOdd((product - rest) / denominator)) ? 1 : 0)
    );
  }
  return largeShare(BigInt(amount), BigInt(numerator), BigInt(denominator), rounding);
}

function largeShare(amount: bigint, numerator: bigint, denominator: bigint, rounding: Rounding): number {
  const whole = (amount * numerator) / denominator;
  const twiceRest = 2n * ((amount * numerator) % denominator);
  return Number(whole + (roundsUp(twiceRest, denominator, rounding, whole % 2n === 1n) ? 1n : 0n));
}

function roundsUp<N extends number | bigint>(twiceRest: N, denominator: N, rounding: Rounding, odd: boolean): boolean {
  if (rounding === 'down') return false;
  if (twiceRest === denominator) return rounding === 'half-up' || odd;
  return twiceRest > denominator;
}

function isOdd(whole: number): boolean {
  return whole % 2 === 1;
}
