/**
 * How the units of a sku are given to regions. Whatever the plan, every unit is given to exactly one region:
 * the largest remainders get the units that rounding leaves over.
 */

export type Shares = ReadonlyMap<string, number>;

export function allocateEvenly(units: number, regions: readonly string[]): Map<string, number> {
  return allocateByWeight(units, new Map(regions.map((region) => [region, 1])));
}

/** Weights are any non-negative numbers, at least one of them above zero. */
export function allocateByWeight(units: number, weights: Shares): Map<string, number> {
  if (!Number.isSafeInteger(units) || units < 0) throw new RangeError(`${units} units cannot be given out.`);
  const greatest = Math.max(...weights.values());
  if ([...weights.values()].some((weight) => !(weight >= 0)) || !(greatest > 0) || !Number.isFinite(greatest)) {
    throw new RangeError('Weights have to be finite and non-negative, and at least one of them above zero.');
  }
  // Parts of the greatest weight: neither their sum nor a quotient can overflow, however large or small weights are.
  const parts = [...weights].map(([region, weight], order) => ({ region, order, part: weight / greatest }));
  const sum = parts.reduce((total, { part }) => total + part, 0);
  const shares = parts.map(({ region, order, part }) => {
    const exact = (units * part) / sum;
    const whole = Math.floor(exact);
    return { region, order, whole, remainder: exact - whole };
  });
  const left = units - shares.reduce((total, { whole }) => total + whole, 0);
  const byRemainder = [...shares].sort((a, b) => b.remainder - a.remainder || a.order - b.order);
  // Fewer than there are regions are left over; a rounding that gave one too many takes it from the greatest share.
  if (left < 0) byRemainder.sort((a, b) => b.whole - a.whole);
  for (const share of byRemainder.slice(0, Math.abs(left))) share.whole += Math.sign(left);
  return new Map(shares.map(({ region, whole }) => [region, whole]));
}

/**
 * Proposed from what each region asked for in the past. A region that nobody knows anything of still gets `floorShare`
 * of an even part, so that a new market is not shut out by having no history.
 */
export function allocateByDemand(units: number, past: Shares, floorShare = 0.1): Map<string, number> {
  const regions = [...past.keys()];
  const demand = [...past.values()].reduce((total, asked) => total + asked, 0);
  if (demand <= 0) return allocateEvenly(units, regions);
  const evenPart = 1 / regions.length;
  const weights = [...past].map(([region, asked]) => {
    return [region, floorShare * evenPart + (1 - floorShare) * (asked / demand)] as const;
  });
  return allocateByWeight(units, new Map(weights));
}
