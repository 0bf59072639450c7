import Type from 'typebox';
import { CURRENCY_PATTERN, SKU_PATTERN } from '../drop.ts';
import { ORDER_STATES, type OrderState } from '../orders/states.ts';
import { eventSchema, minor, units, uuid } from './envelope.ts';

const state = () => Type.Unsafe<OrderState>(Type.Union(ORDER_STATES.map((name) => Type.Literal(name))));
const currency = () => Type.String({ pattern: CURRENCY_PATTERN });

export const OrderCreatedV1 = eventSchema(
  'order.created',
  1,
  Type.Object(
    {
      orderId: uuid(),
      /** Of orders that came from a drop. */
      claimId: Type.Union([uuid(), Type.Null()]),
      dropId: Type.Union([uuid(), Type.Null()]),
      shopperId: uuid(),
      status: state(),
      total: minor(),
      currency: currency(),
      items: Type.Array(
        Type.Object(
          { sku: Type.String({ pattern: SKU_PATTERN }), quantity: units(), unitPrice: minor() },
          { additionalProperties: false },
        ),
        { minItems: 1 },
      ),
    },
    { additionalProperties: false },
  ),
);

const status = {
  orderId: uuid(),
  claimId: Type.Union([uuid(), Type.Null()]),
  shopperId: uuid(),
  from: state(),
  to: state(),
  reason: Type.Union([Type.String(), Type.Null()]),
};

export const OrderStatusV1 = eventSchema('order.status', 1, Type.Object(status, { additionalProperties: false }));

/** No step (`from` is `to`): the shopper has to confirm the payment at this address. */
export const OrderStatusV2 = eventSchema(
  'order.status',
  2,
  Type.Object({ ...status, actionUrl: Type.String({ pattern: '^https?://' }) }, { additionalProperties: false }),
);

const payment = {
  paymentId: uuid(),
  orderId: uuid(),
  provider: Type.String({ minLength: 1 }),
  amount: minor(),
  currency: currency(),
};

export const PaymentCompletedV1 = eventSchema(
  'payment.completed',
  1,
  Type.Object(payment, { additionalProperties: false }),
);

export const PaymentFailedV1 = eventSchema(
  'payment.failed',
  1,
  Type.Object({ ...payment, reason: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
);
