/** An order as its first answer shows it, from what was just written: reading it back would cost as much as writing it. */
import type { CheckoutRow } from '../../db/queries/checkouts/find-checkout.ts';
import type { OrderDetails } from '../../db/queries/store-orders/find-order-details.ts';
import type { WrittenAttributes } from '../../db/queries/store-orders/insert-store-order.ts';
import type { CheckoutBody, PaymentChoice } from '../checkout/stored-checkout.ts';

export interface WrittenOrder {
  readonly checkout: CheckoutRow;
  readonly body: CheckoutBody;
  readonly payment: PaymentChoice | null;
  readonly placedAtMs: number;
  readonly attributes: WrittenAttributes;
}

/** Of one that nothing has happened to yet: its payment is the first one, and has its id. */
export function detailsOf({ checkout, body, payment, placedAtMs, attributes }: WrittenOrder): OrderDetails {
  const { id, shopperId, currency, expiresAtMs } = checkout;
  const { amounts, shippingOption, address, email } = body;
  const paid = { status: 'PENDING', kind: payment?.kind ?? null, actionUrl: null, refundedMinor: 0 } as const;
  return {
    ...{ id, source: 'store', dropId: null, shopperId, status: 'PENDING', currency, ...amounts, shippingOption },
    ...{ placedAtMs, holdUntilMs: expiresAtMs },
    items: body.lines.map(({ line, sku, title, quantity, unitPriceMinor, discountMinor, taxMinor, ...of }) => ({
      ...{
        line,
        sku,
        title,
        attributes: attributes.get(line) ?? {},
        quantity,
        unitPriceMinor,
        discountMinor,
        taxMinor,
      },
      ...{ merchantId: of.merchantId, productId: of.productId },
    })),
    payments: [{ id, ...paid, amountMinor: amounts.totalMinor }],
    history: [{ status: 'PENDING', reason: 'placed', atMs: placedAtMs }],
    address: { ...address, email },
    parcels: [],
  };
}
