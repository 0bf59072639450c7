import { placeOrder } from '../../db/place-order.ts';
import type { WalkEntries } from './walk.ts';

export const entries: WalkEntries = {
  'GET /api/v1/orders/{id}': {
    make: async ({ store, owner }) => {
      const id = await placeOrder(store.database.pool);
      await store.database.pool.query('update orders set shopper_id = $2 where id = $1', [id, owner.userId]);
      return { id };
    },
  },
};
