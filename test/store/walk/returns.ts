import { openWarehouse, stockGoods } from '../../fixtures/confirmed-order.ts';
import { deliverOrder } from '../../fixtures/delivered-order.ts';
import { textAt } from '../../fixtures/told.ts';
import type { OwnThing, Stage, WalkEntries } from './walk.ts';

const asked = { items: [{ line: 1, quantity: 1 }], reason: 'It leaks.' };

async function delivered({ store }: Stage, people: { merchantId?: string; shopperId?: string }) {
  const { pool } = store.database;
  const shopper = people.shopperId === undefined ? await store.person() : undefined;
  const shopperId = people.shopperId ?? shopper?.userId ?? '';
  const merchantId = people.merchantId ?? (await store.person('merchant')).userId;
  const warehouse = await openWarehouse(pool);
  const goods = await stockGoods(pool, { merchantId, shelves: { [warehouse]: 2 } });
  const id = await deliverOrder(pool, { shopperId, lines: [{ ...goods, from: { [warehouse]: 2 } }] });
  return { id, shopper };
}

/** Of something that the owner sold. */
async function returned(stage: Stage, ...steps: readonly string[]) {
  const { store, owner } = stage;
  const { id, shopper } = await delivered(stage, { merchantId: owner.userId });
  const made = await store.call('POST', `/api/v1/orders/${id}/returns`, { token: shopper?.token, body: asked });
  for (const step of steps) {
    await store.call('POST', `/api/v1/returns/${textAt(made.body, 'id')}/${step}`, { token: owner.token, body: {} });
  }
  return { id: textAt(made.body, 'id') };
}

const bought: OwnThing = {
  make: async (stage) => ({ id: (await delivered(stage, { shopperId: stage.owner.userId })).id }),
};
const sold = (body: unknown, ...steps: readonly string[]): OwnThing => ({
  ...{ body, role: 'merchant' },
  make: (stage) => returned(stage, ...steps),
});

export const entries: WalkEntries = {
  'POST /api/v1/orders/{id}/returns': { ...bought, body: asked },
  'GET /api/v1/orders/{id}/returns': bought,
  'GET /api/v1/returns/{id}': { role: 'merchant', make: (stage) => returned(stage) },
  'GET /api/v1/seller/returns': 'self',
  'POST /api/v1/returns/{id}/refund': 'staff',
  'POST /api/v1/returns/{id}/approve': sold({}),
  'POST /api/v1/returns/{id}/decline': sold({ note: 'They were used.' }),
  'POST /api/v1/returns/{id}/receive': sold({ items: [] }, 'approve'),
};
