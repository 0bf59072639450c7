import Type from 'typebox';
import { PARCEL_STATES, type ParcelState } from '../../commerce/fulfilment/order-of-parcels.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { ORDER_STATES, type OrderState } from '../../contracts/orders/states.ts';

export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const minor = Type.Integer({ minimum: 0, description: 'Minor units of the currency.' });
export const Id = Type.String({ pattern: UUID_V7_PATTERN });
export const ById = Type.Object({ id: Id });
export const OrderStateName = Type.Unsafe<OrderState>(Type.Union(ORDER_STATES.map((state) => Type.Literal(state))));
export const ParcelStateName = Type.Unsafe<ParcelState>(Type.Union(PARCEL_STATES.map((state) => Type.Literal(state))));

export const Parcel = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  status: ParcelStateName,
  warehouseId: Type.String(),
  carrier: nullable(Type.String()),
  service: nullable(Type.String()),
  trackingCode: nullable(Type.String()),
  shippedAt: nullable(Type.Integer()),
  deliveredAt: nullable(Type.Integer()),
  items: Type.Array(Type.Object({ line: Type.Integer(), sku: Type.String(), quantity: Type.Integer() })),
});

/** What a step of a parcel is answered with: the parcel, and where its order is now. */
export const MovedParcel = Type.Object({ orderId: Type.String(), orderStatus: OrderStateName, parcel: Parcel });

export const SellerOrderAnswer = Type.Object({
  id: Type.String(),
  source: Type.Union([Type.Literal('drop'), Type.Literal('store')]),
  dropId: nullable(Type.String()),
  status: OrderStateName,
  currency: Type.String(),
  placedAt: Type.Integer(),
  shippingOption: nullable(Type.String({ description: 'What the shopper paid for.' })),
  items: Type.Array(
    Type.Object({
      ...{ line: Type.Integer(), sku: Type.String(), title: Type.String() },
      ...{ quantity: Type.Integer(), unitPrice: minor },
    }),
  ),
  parcels: Type.Array(Parcel, {
    description: 'Those of this merchant. None of a drop’s order before it is processed.',
  }),
});
