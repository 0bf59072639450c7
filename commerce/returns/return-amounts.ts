/**
 * What comes back for goods that come back: of each line the part of what was paid for it, its discount and tax in it,
 * never the shipping. Counted from the first unit on: the units returned so far and now are worth that part of the line,
 * rounded down, less what was given back for those so far. So all units of a line, however they are divided, bring back
 * exactly what was paid for it.
 */
import { share } from '../money/share.ts';

export interface PaidLine {
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountMinor: number;
  /** Added to the price; nothing where the price has it inside. */
  readonly taxMinor: number;
}

export function paidFor({ quantity, unitPriceMinor, discountMinor, taxMinor }: PaidLine): number {
  return quantity * unitPriceMinor - discountMinor + taxMinor;
}

/** For `units` more of the line after `returned` of them. */
export function returnAmount(line: PaidLine, returned: number, units: number): number {
  if (returned < 0 || units < 0 || returned + units > line.quantity) {
    throw new RangeError(`${returned} and ${units} of ${line.quantity} units cannot come back.`);
  }
  const paid = paidFor(line);
  const upTo = (count: number) => share(paid, count, line.quantity, 'down');
  return upTo(returned + units) - upTo(returned);
}
