import { taxRateOfRegion } from '../tax/rates.ts';
import { type OrderLine, type PricedOrder, priceOrder } from './price-order.ts';

/** The price of a drop is final: tax and shipping are inside what the shopper was told. */
export function priceClaim(line: OrderLine, region: string): PricedOrder {
  return priceOrder({
    lines: [line],
    discountMinor: 0,
    shippingMinor: 0,
    taxRate: taxRateOfRegion(region),
    tax: 'included',
  });
}
