import { placeOrder } from '../../db/place-order.ts';
import { checkOut, fillCart, order, stock } from '../../fixtures/checkout.ts';
import { textAt } from '../../fixtures/told.ts';
import type { OwnThing, WalkEntries } from './walk.ts';

const placed: OwnThing = {
  make: async ({ store, owner }) => {
    const id = await placeOrder(store.database.pool);
    await store.database.pool.query('update orders set shopper_id = $2 where id = $1', [id, owner.userId]);
    return { id };
  },
};

const cancellable: OwnThing = {
  make: async ({ store, owner }) => {
    const { sku } = await stock(store);
    await fillCart(store, owner, sku);
    const id = textAt((await checkOut(store, owner)).body, 'id');
    const made = await order(store, owner, id);
    if (made.status !== 201) throw new Error(`an order was answered ${made.status}: ${made.text}`);
    return { id };
  },
};

/** Those under `/users/{id}` say themselves whose orders they are. */
export const entries: WalkEntries = {
  'GET /api/v1/orders': 'self',
  'GET /api/v1/orders/{id}': placed,
  'GET /api/v1/orders/{id}/history': placed,
  'PUT /api/v1/orders/{id}/cancel': cancellable,
  // It names a checkout in its body; of somebody else's it makes no order (store-api/orders/orders.test.ts).
  'POST /api/v1/orders': 'self',
  'GET /api/v1/admin/order-reviews': 'staff',
  'GET /api/v1/admin/order-reviews/{id}': 'staff',
  'POST /api/v1/admin/order-reviews/{id}/decide': 'staff',
};
