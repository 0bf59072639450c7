/** An order as its first answer shows it, from what is written: reading it back would cost as much as writing it. */
import type { OrderDetails } from '../../db/queries/store-orders/find-order-details.ts';
import type { NewStoreOrder } from '../../db/queries/store-orders/insert-store-order.ts';
import type { CheckoutBody } from '../checkout/stored-checkout.ts';

/** Of one that nothing has happened to yet: its payment is the first one, and has its id. */
export function detailsOf(order: NewStoreOrder, { address, email }: CheckoutBody): OrderDetails {
  const { id, shopperId, currency, amounts, shippingOption, placedAtMs, holdUntilMs, lines, payment } = order;
  const paid = { status: 'PENDING', kind: payment?.kind ?? null, actionUrl: null, refundedMinor: 0 } as const;
  return {
    ...{ id, source: 'store', dropId: null, shopperId, status: 'PENDING', currency, ...amounts, shippingOption },
    ...{ placedAtMs, holdUntilMs },
    items: lines.map(({ line, sku, title, attributes, quantity, unitPriceMinor, discountMinor, taxMinor, ...of }) => ({
      ...{ line, sku, title, attributes, quantity, unitPriceMinor, discountMinor, taxMinor },
      ...{ merchantId: of.merchantId, productId: of.productId },
    })),
    payments: [{ id, ...paid, amountMinor: amounts.totalMinor }],
    history: [{ status: 'PENDING', reason: 'placed', atMs: placedAtMs }],
    address: { ...address, email },
    parcels: [],
  };
}
