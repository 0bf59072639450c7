/**
 * What a checkout comes to once its goods and their discounts are fixed: only where it goes and how it travels can still
 * change. The same as the summary of the cart that it was made of (cart/summarize.ts); a test holds the two together.
 */
import { allocate } from '../money/allocate.ts';
import { type Amounts, priceOrder } from '../pricing/price-order.ts';
import { type PricedOption, shippingOptionsFor } from '../shipping/shipping.ts';
import { type Place, taxRateAt } from '../tax/rates.ts';
import { taxWayOf } from '../tax/tax-way.ts';

export interface CheckoutLine {
  readonly unitPriceMinor: number;
  readonly quantity: number;
  /** Of all its units. */
  readonly discountMinor: number;
}

export interface CheckoutQuestion {
  readonly lines: readonly CheckoutLine[];
  readonly currency: string;
  readonly destination: Place;
  /** The cheapest unless given. */
  readonly shippingOption: string | undefined;
  /** A promotion pays for the standard way. */
  readonly freeShipping: boolean;
}

export interface CheckoutPrice {
  readonly amounts: Amounts;
  readonly tax: 'included' | 'added';
  readonly options: readonly PricedOption[];
  readonly chosen: PricedOption;
  /** Of each line the part of the tax that comes on top of it; null where tax is inside the prices. */
  readonly linesTaxMinor: readonly (number | null)[];
}

export type PricedCheckout =
  | { readonly ok: true; readonly price: CheckoutPrice }
  | { readonly ok: false; readonly problem: 'TOO_LARGE' | 'UNKNOWN_OPTION' | 'NO_OPTION' };

export function priceCheckout(question: CheckoutQuestion): PricedCheckout {
  const { lines, currency, destination, freeShipping } = question;
  const discountMinor = lines.reduce((sum, line) => sum + line.discountMinor, 0);
  const goodsMinor = lines.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * quantity, 0);
  if (!Number.isSafeInteger(goodsMinor)) return { ok: false, problem: 'TOO_LARGE' };
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const parcel = { country: destination.country, currency, goodsMinor: goodsMinor - discountMinor, units };
  const options = shippingOptionsFor(parcel).map((priced) =>
    freeShipping && priced.option.id === 'standard' ? { ...priced, costMinor: 0 } : priced,
  );
  const chosen =
    question.shippingOption === undefined
      ? options[0]
      : options.find(({ option }) => option.id === question.shippingOption);
  if (chosen === undefined) return { ok: false, problem: options.length === 0 ? 'NO_OPTION' : 'UNKNOWN_OPTION' };
  const tax = taxWayOf(destination);
  const priced = priceOrder({
    ...{ lines, discountMinor, shippingMinor: chosen.costMinor, tax },
    taxRate: taxRateAt(destination),
  });
  if (!priced.ok) return { ok: false, problem: 'TOO_LARGE' };
  const linesTaxMinor = taxOfLines(lines, priced.amounts, tax);
  return { ok: true, price: { amounts: priced.amounts, tax, options, chosen, linesTaxMinor } };
}

/** The tax on the shipping belongs to no line: it is the last part. */
function taxOfLines(
  lines: readonly CheckoutLine[],
  { taxMinor, shippingMinor }: Amounts,
  tax: 'included' | 'added',
): readonly (number | null)[] {
  if (tax === 'included') return lines.map(() => null);
  const net = lines.map(({ unitPriceMinor, quantity, discountMinor }) => unitPriceMinor * quantity - discountMinor);
  return allocate(taxMinor, [...net, shippingMinor]).slice(0, lines.length);
}
