/** The figures of an invoice as they are shown. They add up to what was paid, whichever way the order is taxed. */
import { decimalsOf } from '../../commerce/money/currencies.ts';
import { RATE_UNIT, taxRateAt, taxRateOfRegion } from '../../commerce/tax/rates.ts';
import { taxAdded, taxIncluded } from '../../commerce/tax/tax.ts';
import type { InvoiceFacts, InvoiceLine } from '../../db/queries/invoices/invoice-facts.ts';

export interface InvoiceSums {
  /** Prices have the tax inside: goods and shipping are shown with it. */
  readonly isTaxInside: boolean;
  readonly goodsMinor: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  readonly netMinor: number;
  readonly totalMinor: number;
  /** Parts per million; null where it cannot be told from what is known today. */
  readonly rate: number | null;
}

export function sumsOf(facts: InvoiceFacts): InvoiceSums {
  const { lines, discountMinor, taxMinor, totalMinor } = facts;
  const goodsMinor = lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
  const isTaxInside = lines.every((line) => line.taxMinor === null);
  const beside = isTaxInside ? 0 : taxMinor;
  const shippingMinor = totalMinor - beside - goodsMinor + discountMinor;
  const netMinor = totalMinor - taxMinor;
  const sums = { isTaxInside, goodsMinor, discountMinor, shippingMinor, taxMinor, netMinor, totalMinor };
  return { ...sums, rate: rateOf(facts, sums) };
}

/** The rate is not kept with the order. One that does not lead to the tax that was taken has changed since. */
function rateOf({ address, region }: InvoiceFacts, sums: Omit<InvoiceSums, 'rate'>): number | null {
  const { isTaxInside, taxMinor, netMinor, totalMinor } = sums;
  if (taxMinor === 0) return 0;
  const fromRegion = region === null ? undefined : taxRateOfRegion(region);
  const rate = fromRegion ?? (address === null ? 0 : taxRateAt(address));
  return (isTaxInside ? taxIncluded(totalMinor, rate) : taxAdded(netMinor, rate)) === taxMinor ? rate : null;
}

export function amountOf({ quantity, unitPriceMinor, discountMinor }: InvoiceLine): number {
  return quantity * unitPriceMinor - discountMinor;
}

/** Exact, in digits, and with the code of the currency: signs differ between countries, and fonts do not have all. */
export function money(minor: number, currency: string, words: { readonly locale: string; readonly decimal: string }) {
  const decimals = decimalsOf(currency);
  const unit = 10n ** BigInt(decimals);
  const size = BigInt(Math.abs(minor));
  const whole = new Intl.NumberFormat(words.locale).format(size / unit);
  const rest = decimals === 0 ? '' : `${words.decimal}${(size % unit).toString().padStart(decimals, '0')}`;
  return `${minor < 0 ? '\u2013' : ''}${whole}${rest}\u00a0${currency}`;
}

export function percent(rate: number, { decimal }: { readonly decimal: string }): string {
  return `${String((rate * 100) / RATE_UNIT).replace('.', decimal)}\u00a0%`;
}
