import { sell } from '../../fixtures/goods.ts';
import { dropForm } from '../../fixtures/seller-drops.ts';
import { create, type OwnThing, type Stage, type WalkEntries } from './walk.ts';

const URL = '/api/v1/seller/drops';

async function draft(stage: Stage): Promise<string> {
  const { sku } = await sell(stage.store.database.pool, {
    ...{ merchantId: stage.owner.userId, onHand: 100, currency: 'USD' },
  });
  return await create(stage, 'POST', URL, dropForm(sku));
}

/** A draft, after so many steps. */
const after = (...steps: readonly string[]): OwnThing => ({
  role: 'merchant',
  make: async (stage) => {
    const id = await draft(stage);
    for (const step of steps) {
      const { status, text } = await stage.store.call('POST', `${URL}/${id}/${step}`, { token: stage.owner.token });
      if (status !== 200) throw new Error(`${step} was answered ${status}: ${text}`);
    }
    return { id };
  },
});

export const entries: WalkEntries = {
  'POST /api/v1/seller/drops': 'self',
  'POST /api/v1/seller/drops/check': 'self',
  'GET /api/v1/seller/drops': 'self',
  'GET /api/v1/seller/drops/{id}': after(),
  'PATCH /api/v1/seller/drops/{id}': { ...after(), body: { title: 'Another' } },
  'DELETE /api/v1/seller/drops/{id}': after(),
  'GET /api/v1/seller/drops/{id}/live': { ...after('schedule'), headers: { 'last-event-id': 'end' } },
  'GET /api/v1/seller/drops/{id}/ledger': after('schedule'),
  'GET /api/v1/seller/drops/{id}/fairness': after('schedule'),
  'GET /api/v1/seller/drops/{id}/result.csv': after('schedule'),
  'POST /api/v1/seller/drops/{id}/schedule': after(),
  'POST /api/v1/seller/drops/{id}/pause': after('schedule'),
  'POST /api/v1/seller/drops/{id}/resume': after('schedule', 'pause'),
  'POST /api/v1/seller/drops/{id}/end': after('schedule'),
};
