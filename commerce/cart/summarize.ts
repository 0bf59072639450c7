/** What the goods in a cart come to: subtotal, discount, tax, shipping, total. */
import { type Amounts, priceOrder } from '../pricing/price-order.ts';
import { type Evaluated, evaluatePromotions } from '../promotions/evaluate.ts';
import type { Buyer, Goods, Promotion } from '../promotions/promotion.ts';
import { type PricedOption, shippingOptionsFor } from '../shipping/shipping.ts';
import { type Place, taxRateAt } from '../tax/rates.ts';
import { taxWayOf } from '../tax/tax-way.ts';

export interface SummaryInput {
  readonly goods: readonly Goods[];
  readonly promotions: readonly Promotion[];
  readonly buyer: Buyer;
  /** Where it goes to; without it neither shipping nor tax is known yet. */
  readonly destination: Place | undefined;
  /** The cheapest unless given. */
  readonly shippingOption: string | undefined;
}

export interface Summary {
  readonly goodsMinor: number;
  readonly amounts: Amounts;
  readonly evaluated: Evaluated;
  readonly options: readonly PricedOption[];
  readonly chosen: PricedOption | undefined;
  /** Whether prices have the tax inside. */
  readonly tax: 'included' | 'added';
}

export type Summarized =
  | { readonly ok: true; readonly summary: Summary }
  | { readonly ok: false; readonly problem: 'TOO_LARGE' | 'UNKNOWN_OPTION' };

export function summarize(input: SummaryInput): Summarized {
  const { goods, destination, buyer } = input;
  const goodsMinor = goods.reduce((sum, line) => sum + line.unitPriceMinor * line.quantity, 0);
  if (!Number.isSafeInteger(goodsMinor)) return { ok: false, problem: 'TOO_LARGE' };
  const full = chooseOption(input, goodsMinor);
  if (full === 'unknown') return { ok: false, problem: 'UNKNOWN_OPTION' };
  const evaluated = evaluatePromotions({ ...input, shippingMinor: isFreed(full) ? full.costMinor : 0 });
  // What is free from an amount on is judged by what the goods cost after the discount.
  const chosen = chooseOption(input, goodsMinor - evaluated.discountMinor);
  if (chosen === 'unknown') return { ok: false, problem: 'UNKNOWN_OPTION' };
  const shippingMinor = evaluated.freeShipping && isFreed(chosen) ? 0 : (chosen?.costMinor ?? 0);
  const tax = taxWayOf(destination);
  const priced = priceOrder({
    ...{ lines: goods, discountMinor: evaluated.discountMinor, shippingMinor, tax },
    taxRate: destination === undefined ? 0 : taxRateAt(destination),
  });
  if (!priced.ok) return { ok: false, problem: 'TOO_LARGE' };
  const options = optionsOf(input, goodsMinor - evaluated.discountMinor);
  return {
    ok: true,
    summary: { goodsMinor, amounts: priced.amounts, evaluated, options, chosen, tax },
  };

  function isFreed(option: PricedOption | undefined): option is PricedOption {
    return option?.option.id === 'standard' && buyer.currency === option.option.currency;
  }
}

function chooseOption(input: SummaryInput, goodsMinor: number): PricedOption | undefined | 'unknown' {
  const options = optionsOf(input, goodsMinor);
  if (input.shippingOption === undefined || options.length === 0) return options[0];
  return options.find(({ option }) => option.id === input.shippingOption) ?? 'unknown';
}

function optionsOf({ goods, buyer, destination }: SummaryInput, goodsMinor: number): readonly PricedOption[] {
  if (destination === undefined) return [];
  const units = goods.reduce((sum, { quantity }) => sum + quantity, 0);
  return shippingOptionsFor({ country: destination.country, currency: buyer.currency, goodsMinor, units });
}
