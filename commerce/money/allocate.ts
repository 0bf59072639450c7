import { share } from './share.ts';

/**
 * Divides an amount by weights so that the parts add up to it: each gets what is due to it rounded down, and the units
 * that are left go one each to those that lost most, the first of equals first. Without any weight, evenly.
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return [];
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return allocate(amount, new Array<number>(weights.length).fill(1));
  const parts = weights.map((weight) => share(amount, weight, sum, 'down'));
  const left = amount - parts.reduce((total, part) => total + part, 0);
  const byLoss = weights
    .map((weight, at) => ({ at, lost: lossOf(amount, weight, sum) }))
    .sort((a, b) => (a.lost === b.lost ? a.at - b.at : a.lost > b.lost ? -1 : 1));
  for (const { at } of byLoss.slice(0, left)) parts[at] = (parts[at] ?? 0) + 1;
  return parts;
}

function lossOf(amount: number, weight: number, sum: number): bigint {
  return (BigInt(amount) * BigInt(weight)) % BigInt(sum);
}
