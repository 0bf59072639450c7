/** Amounts of one currency told in another, exactly: only to be shown, nothing is charged by them. */
import { decimalsOf } from './currencies.ts';

/** What one unit of the reference currency is in each currency: decimal numbers as text, such as "0.9213". */
export type RateTable = Readonly<Record<string, string>>;

/** Its own rate is 1. All other rates say what one unit of it is. */
export const REFERENCE_CURRENCY = 'USD';

/** Prices are shown in steps of so many minor units where the smallest coin is larger than one. */
const DISPLAY_STEPS: Readonly<Record<string, number>> = { CHF: 5, AUD: 5, NZD: 10 };

const SCALE_DECIMALS = 10;
/** Digits of a worth behind its point: a list is sorted by it, so it has to tell neighbours apart. */
const WORTH_DECIMALS = 12;

/** Undefined where one of the rates is not known. */
export function convertForDisplay(amount: number, from: string, to: string, rates: RateTable): number | undefined {
  if (from === to) return amount;
  const worth = fraction(from, to, rates);
  if (worth === undefined) return undefined;
  const step = BigInt(DISPLAY_STEPS[to] ?? 1);
  const bottom = worth.bottom * step;
  const steps = (2n * BigInt(amount) * worth.top + bottom) / (2n * bottom);
  const converted = Number(steps * step);
  return Number.isSafeInteger(converted) ? converted : undefined;
}

/**
 * What one minor unit of `from` is in minor units of `to`, as a decimal number. Where a rate is not known the two are
 * taken for worth the same: a list sorted by price then still has everything in it.
 */
export function worthOf(from: string, to: string, rates: RateTable): string {
  const worth = from === to ? { top: 1n, bottom: 1n } : (fraction(from, to, rates) ?? atPar(from, to));
  const digits = ((worth.top * 10n ** BigInt(WORTH_DECIMALS)) / worth.bottom)
    .toString()
    .padStart(WORTH_DECIMALS + 1, '0');
  return `${digits.slice(0, -WORTH_DECIMALS)}.${digits.slice(-WORTH_DECIMALS)}`;
}

interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

function fraction(from: string, to: string, rates: RateTable): Fraction | undefined {
  const [fromRate, toRate] = [rateOf(from, rates), rateOf(to, rates)];
  if (fromRate === undefined || toRate === undefined) return undefined;
  const par = atPar(from, to);
  return { top: toRate * par.top, bottom: fromRate * par.bottom };
}

function atPar(from: string, to: string): Fraction {
  return { top: 10n ** BigInt(decimalsOf(to)), bottom: 10n ** BigInt(decimalsOf(from)) };
}

function rateOf(currency: string, rates: RateTable): bigint | undefined {
  if (currency === REFERENCE_CURRENCY) return 10n ** BigInt(SCALE_DECIMALS);
  const text = rates[currency];
  if (text === undefined || !Object.hasOwn(rates, currency)) return undefined;
  const [whole = '', decimals = ''] = text.split('.');
  const scaled = BigInt(`${whole}${decimals.slice(0, SCALE_DECIMALS).padEnd(SCALE_DECIMALS, '0')}`);
  return scaled > 0n ? scaled : undefined;
}
