/**
 * Whose money a payment or a refund of an order is: its part for each line, the parts together exactly the amount. What a
 * line cost is its own; what no line cost (shipping) is divided by what the lines cost.
 */
import { allocate } from '../money/allocate.ts';

/** `paid` is what each line cost, its discount and tax in it. */
export function sharesOfPayment(amountMinor: number, paid: readonly number[]): number[] {
  const sum = paid.reduce((total, part) => total + part, 0);
  // Less than the lines cost: something that no line knows was taken off.
  if (amountMinor < sum) return allocate(amountMinor, paid);
  return added(paid, allocate(amountMinor - sum, paid));
}

/**
 * `left` is what each line still has of the payment, `returned` what came back of which line, where goods came back.
 * Without it, or for what is beyond it, it is taken from all lines by what they have left, so that none goes below zero.
 */
export function sharesOfRefund(amountMinor: number, left: readonly number[], returned?: readonly number[]): number[] {
  const named = left.map((most, at) => Math.min(most, returned?.[at] ?? 0));
  const sum = named.reduce((total, part) => total + part, 0);
  if (sum > amountMinor) return allocate(amountMinor, named);
  const rest = left.map((most, at) => most - (named[at] ?? 0));
  return added(named, allocate(amountMinor - sum, rest));
}

function added(some: readonly number[], more: readonly number[]): number[] {
  return some.map((part, at) => part + (more[at] ?? 0));
}
