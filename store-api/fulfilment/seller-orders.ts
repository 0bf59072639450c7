import Type from 'typebox';
import { findShipments } from '../../db/queries/shipments/find-shipments.ts';
import { findOrderAddress } from '../../db/queries/shipments/order-address.ts';
import { findSellerOrders, listSellerOrders } from '../../db/queries/shipments/seller-orders.ts';
import { SentTo } from '../addresses/forms.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById, Id, nullable, OrderStateName, ParcelStateName, SellerOrderAnswer } from './schemas.ts';
import { shownOrder } from './show.ts';

const config = { access: sellers('orders') };
const tags = ['fulfilment'];

const Query = Type.Object(
  {
    status: Type.Optional(OrderStateName),
    parcel: Type.Optional(ParcelStateName),
    cursor: Type.Optional(Id),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);
const Page = Type.Object({ items: Type.Array(SellerOrderAnswer), nextCursor: nullable(Type.String()) });
const Detail = Type.Object({
  ...SellerOrderAnswer.properties,
  address: nullable(SentTo),
});

export function listSellerOrdersRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = {
    summary: 'Orders with something of the merchant who asks in them, the newest first',
    description: 'Paid ones only. `status` is that of the order, `parcel` that of one of the merchant’s parcels in it.',
    tags,
    querystring: Query,
    response: { 200: Page, 400: Problem },
  };
  app.get('/seller/orders', { config, schema }, async (request) => {
    const { status = null, parcel = null, cursor = null, limit } = request.query;
    const merchantId = merchantOf(callerOf(request));
    const filter = { merchantId, status, parcel, before: cursor, limit: limit + 1 };
    const found = await listSellerOrders(database, filter);
    const ids = found.slice(0, limit);
    const [orders, parcels] = await Promise.all([
      findSellerOrders(database, ids, merchantId),
      findShipments(database, ids, merchantId),
    ]);
    return {
      items: orders.map((order) =>
        shownOrder(
          order,
          parcels.filter(({ orderId }) => orderId === order.id),
        ),
      ),
      nextCursor: found.length > limit ? (ids.at(-1) ?? null) : null,
    };
  });
}

export function getSellerOrderRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = {
    summary: 'One order: the lines and parcels of the merchant who asks, and where they go',
    tags,
    params: ById,
    response: { 200: Detail, 404: Problem },
  };
  app.get('/seller/orders/:id', { config, schema }, async (request, reply) => {
    const { id } = request.params;
    const merchantId = merchantOf(callerOf(request));
    const [order] = await findSellerOrders(database, [id], merchantId);
    if (order === undefined) return refuse(reply, 'NOT_FOUND');
    const [parcels, address] = await Promise.all([
      findShipments(database, [id], merchantId),
      findOrderAddress(database, id),
    ]);
    return { ...shownOrder(order, parcels), address: address ?? null };
  });
}
