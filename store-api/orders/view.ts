/** An order as its shopper sees it. */
import Type, { type Static } from 'typebox';
import { PAYMENT_KINDS, type PaymentKind } from '../../contracts/orders/payments.ts';
import { ORDER_STATES, type OrderState } from '../../contracts/orders/states.ts';
import type { OrderDetails } from '../../db/queries/store-orders/find-order-details.ts';
import { PLACE_FIELDS } from '../addresses/forms.ts';

export const State = Type.Unsafe<OrderState>(Type.Union(ORDER_STATES.map((state) => Type.Literal(state))));
const Kind = Type.Unsafe<PaymentKind>(Type.Union(PAYMENT_KINDS.map((kind) => Type.Literal(kind))));
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const minor = Type.Integer({ minimum: 0, description: 'Minor units of the currency.' });

export const Step = Type.Object({ status: State, reason: Type.String(), at: Type.Integer() });

export const OrderView = Type.Object({
  id: Type.String(),
  source: Type.Union([Type.Literal('drop'), Type.Literal('store')]),
  dropId: nullable(Type.String()),
  status: State,
  currency: Type.String(),
  subtotal: Type.Integer({ minimum: 0, description: 'subtotal − discount + tax + shipping = total.' }),
  discount: minor,
  tax: minor,
  shipping: minor,
  total: minor,
  shippingOption: nullable(Type.String()),
  placedAt: Type.Integer(),
  holdUntil: nullable(Type.Integer({ description: 'Until then it can be paid.' })),
  items: Type.Array(
    Type.Object({
      ...{ line: Type.Integer(), sku: Type.String(), title: Type.String() },
      attributes: Type.Record(Type.String(), Type.Unknown()),
      ...{ quantity: Type.Integer(), unitPrice: minor, discount: minor },
      tax: nullable(minor),
      ...{ merchantId: nullable(Type.String()), productId: nullable(Type.String()) },
    }),
  ),
  payments: Type.Array(
    Type.Object({
      ...{ id: Type.String(), status: Type.String(), kind: nullable(Kind), amount: minor, refunded: minor },
      actionUrl: nullable(Type.String({ description: 'Where the payment has to be confirmed (3-D Secure).' })),
    }),
  ),
  review: nullable(
    Type.Object(
      { since: Type.Integer(), message: Type.String() },
      { description: 'While somebody looks at the order before it is paid.' },
    ),
  ),
  history: Type.Array(Step),
  address: nullable(Type.Object({ ...PLACE_FIELDS, email: nullable(Type.String()) })),
  parcels: Type.Array(
    Type.Object({
      ...{ id: Type.String(), number: Type.Integer(), status: Type.String() },
      ...{ carrier: nullable(Type.String()), trackingCode: nullable(Type.String()) },
    }),
  ),
});
export type OrderView = Static<typeof OrderView>;

export function viewOfOrder(order: OrderDetails): OrderView {
  const { id, source, dropId, status, currency, shippingOption } = order;
  return {
    ...{ id, source, dropId, status, currency, shippingOption },
    ...{ subtotal: order.itemsMinor, discount: order.discountMinor, tax: order.taxMinor },
    ...{ shipping: order.shippingMinor, total: order.totalMinor },
    ...{ placedAt: order.placedAtMs, holdUntil: order.holdUntilMs },
    items: order.items.map(({ unitPriceMinor, discountMinor, taxMinor, ...item }) => ({
      ...{ ...item, unitPrice: unitPriceMinor, discount: discountMinor ?? 0, tax: taxMinor },
    })),
    payments: order.payments.map(({ amountMinor, refundedMinor, ...payment }) => ({
      ...{ ...payment, amount: amountMinor, refunded: refundedMinor },
    })),
    review: reviewOf(order),
    history: stepsOf(order),
    address: order.address,
    parcels: [...order.parcels],
  };
}

/** Honest about what happens, and what does not: nothing is charged meanwhile. */
const IN_REVIEW =
  'Somebody looks at this order before it is paid. Nothing is charged until then, and its items are kept for you until holdUntil.';

function reviewOf({ status, history, placedAtMs }: OrderDetails): OrderView['review'] {
  if (status !== 'REVIEW') return null;
  const began = history.findLast((step) => step.status === 'REVIEW');
  return { since: began?.atMs ?? placedAtMs, message: IN_REVIEW };
}

export function stepsOf({ history }: OrderDetails): Static<typeof Step>[] {
  return history.map(({ status, reason, atMs }) => ({ status, reason, at: atMs }));
}
