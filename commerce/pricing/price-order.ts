/** What an order costs, so that total = items − discount + tax + shipping always holds; the database checks it too. */
import { allocate } from '../money/allocate.ts';
import { taxAdded, taxIncluded } from '../tax/tax.ts';

export interface OrderLine {
  readonly unitPriceMinor: number;
  readonly quantity: number;
}

export interface Basket {
  readonly lines: readonly OrderLine[];
  /** Taken off the lines. */
  readonly discountMinor: number;
  readonly shippingMinor: number;
  /** Parts per million, of goods and shipping. */
  readonly taxRate: number;
  /** Whether the prices, the discount and the shipping have the tax inside, or get it on top. */
  readonly tax: 'included' | 'added';
}

export interface Amounts {
  readonly itemsMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly shippingMinor: number;
  readonly totalMinor: number;
}

export type PricedOrder =
  | { readonly ok: true; readonly amounts: Amounts }
  | { readonly ok: false; readonly problem: 'DISCOUNT_TOO_LARGE' | 'TOO_LARGE' };

export function priceOrder(basket: Basket): PricedOrder {
  const { discountMinor, shippingMinor } = basket;
  const linesMinor = sumOfLines(basket.lines);
  if (!Number.isSafeInteger(linesMinor + shippingMinor)) return { ok: false, problem: 'TOO_LARGE' };
  if (discountMinor > linesMinor) return { ok: false, problem: 'DISCOUNT_TOO_LARGE' };
  const amounts = basket.tax === 'added' ? withTaxAdded(basket, linesMinor) : withTaxInside(basket, linesMinor);
  return Number.isSafeInteger(amounts.totalMinor) ? { ok: true, amounts } : { ok: false, problem: 'TOO_LARGE' };
}

function withTaxAdded({ discountMinor, shippingMinor, taxRate }: Basket, itemsMinor: number): Amounts {
  const netMinor = itemsMinor - discountMinor + shippingMinor;
  const taxMinor = taxAdded(netMinor, taxRate);
  return { itemsMinor, discountMinor, taxMinor, shippingMinor, totalMinor: netMinor + taxMinor };
}

/** The total is what was told. The tax inside it is shown by itself, and taken off the goods and the shipping it is in. */
function withTaxInside({ discountMinor, shippingMinor, taxRate }: Basket, linesMinor: number): Amounts {
  const goodsMinor = linesMinor - discountMinor;
  const totalMinor = goodsMinor + shippingMinor;
  const taxMinor = taxIncluded(totalMinor, taxRate);
  const [ofGoods = taxMinor, ofShipping = 0] =
    shippingMinor === 0 ? [] : allocate(taxMinor, [goodsMinor, shippingMinor]);
  return {
    itemsMinor: linesMinor - ofGoods,
    discountMinor,
    taxMinor,
    shippingMinor: shippingMinor - ofShipping,
    totalMinor,
  };
}

function sumOfLines(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * quantity, 0);
}
