import { placeStoreOrder, stockShelf } from '../../fixtures/store-order.ts';
import type { OwnThing, Stage, WalkEntries } from './walk.ts';

async function payment({ store, owner }: Stage, of: { readonly merchantId?: string; readonly shopperId?: string }) {
  const shelf = await stockShelf(store.database.pool, 5, of.merchantId);
  const { shopperId = owner.userId } = of;
  return (await placeStoreOrder(store.database.pool, shelf, { shopperId })).orderId;
}

const taken: OwnThing = {
  role: 'merchant',
  headers: { 'idempotency-key': 'walk' },
  body: { amount: 1, reason: 'walk' },
  make: async (stage) => {
    const id = await payment(stage, { merchantId: stage.owner.userId });
    await stage.store.database.pool.query(
      `update payments set status = 'CAPTURED', captured_at = now(), due_at = null where order_id = $1`,
      [id],
    );
    return { id };
  },
};

export const entries: WalkEntries = {
  // The order is named in the body; store-api/payments/payments.test.ts has another one's answered NOT_FOUND.
  'POST /api/v1/payments/process': 'self',
  'GET /api/v1/payments/{id}/status': { make: async (stage) => ({ id: await payment(stage, {}) }) },
  'POST /api/v1/payments/{id}/refund': taken,
  'GET /api/v1/me/wallet': 'self',
};
