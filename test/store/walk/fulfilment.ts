import { confirmOrder, openWarehouse, stockGoods } from '../../fixtures/confirmed-order.ts';
import { textAt } from '../../fixtures/told.ts';
import type { OwnThing, Stage, WalkEntries } from './walk.ts';

/** An order of one line of one merchant. */
async function order({ store }: Stage, people: { merchantId?: string; shopperId?: string }) {
  const { pool } = store.database;
  const { merchantId = (await store.person('merchant')).userId, shopperId = (await store.person()).userId } = people;
  const warehouse = await openWarehouse(pool);
  const goods = await stockGoods(pool, { merchantId, shelves: { [warehouse]: 2 } });
  return await confirmOrder(pool, { shopperId, lines: [{ ...goods, from: { [warehouse]: 2 } }] });
}

async function parcel(stage: Stage, ...steps: readonly ('process' | 'ship')[]) {
  const { store, owner } = stage;
  const orderId = await order(stage, { merchantId: owner.userId });
  const { token } = owner;
  const { body } = await store.call('GET', `/api/v1/seller/orders/${orderId}`, { token });
  const id = textAt(body, 'parcels', 0, 'id');
  for (const step of steps) {
    const path = step === 'process' ? `orders/${orderId}/process` : `shipments/${id}/ship`;
    await store.call('POST', `/api/v1/seller/${path}`, { token, ...(step === 'ship' ? { body: {} } : {}) });
  }
  return { id };
}

const sold: OwnThing = {
  make: async (stage) => ({ id: await order(stage, { merchantId: stage.owner.userId }) }),
  role: 'merchant',
};
const bought: OwnThing = { make: async (stage) => ({ id: await order(stage, { shopperId: stage.owner.userId }) }) };

export const entries: WalkEntries = {
  'GET /api/v1/seller/orders': 'self',
  'GET /api/v1/seller/orders/{id}': sold,
  'POST /api/v1/seller/orders/{id}/process': sold,
  'POST /api/v1/seller/shipments/{id}/ship': {
    ...{ role: 'merchant', body: {} },
    make: (stage) => parcel(stage, 'process'),
  },
  'POST /api/v1/seller/shipments/{id}/deliver': {
    role: 'merchant',
    make: (stage) => parcel(stage, 'process', 'ship'),
  },
  'PUT /api/v1/orders/{id}/address': {
    ...bought,
    body: { recipient: 'Ada', line1: '2 Lane', city: 'Wien', country: 'AT' },
  },
  'GET /api/v1/orders/{id}/tracking': bought,
  'GET /api/v1/orders/{id}/invoice': bought,
};
