/** The rounding rule: once for a whole amount, half a unit up. Lines get their shares of that (money/allocate.ts). */
import { share } from '../money/share.ts';
import { RATE_UNIT } from './rates.ts';

/** What comes on top of an amount without tax. */
export function taxAdded(netMinor: number, rate: number): number {
  return share(netMinor, rate, RATE_UNIT);
}

/** What is inside an amount that includes the tax. */
export function taxIncluded(grossMinor: number, rate: number): number {
  return share(grossMinor, rate, RATE_UNIT + rate);
}
