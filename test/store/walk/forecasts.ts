import { passNight, writeDemand } from '../../fixtures/forecasts.ts';
import { sell } from '../../fixtures/goods.ts';
import type { OwnThing, Stage, WalkEntries } from './walk.ts';

const ofArticle: OwnThing = {
  role: 'merchant',
  make: async ({ store, owner }) => ({ sku: (await sell(store.database.pool, { merchantId: owner.userId })).sku }),
};

async function bounded({ store, owner }: Stage): Promise<{ readonly sku: string }> {
  const { sku } = await sell(store.database.pool, { merchantId: owner.userId });
  const body = { floor: 500, ceiling: 2_000 };
  await store.call('PUT', `/api/v1/seller/variants/${sku}/price-bounds`, { token: owner.token, body });
  return { sku };
}

const ofSuggestion: OwnThing = {
  role: 'merchant',
  make: async (stage) => {
    const { store, owner } = stage;
    const { sku } = await bounded(stage);
    await writeDemand(store.database.pool, { sku, days: 30, units: () => 10 });
    await passNight(store.database.pool, ['eu']);
    const list = await store.call('GET', '/api/v1/seller/price-suggestions', { token: owner.token });
    return { id: list.body.items[0].id };
  },
};

export const entries: WalkEntries = {
  'POST /api/v1/seller/drops/proposal': 'self',
  'GET /api/v1/seller/forecasts': 'self',
  'GET /api/v1/seller/reorder': 'self',
  'GET /api/v1/seller/reorder-settings': 'self',
  'PUT /api/v1/seller/reorder-settings': 'self',
  'PUT /api/v1/seller/variants/{sku}/reorder-settings': { ...ofArticle, body: { leadDays: 5 } },
  'DELETE /api/v1/seller/variants/{sku}/reorder-settings': ofArticle,
  'GET /api/v1/seller/price-suggestions': 'self',
  'POST /api/v1/seller/price-suggestions/{id}/accept': ofSuggestion,
  'POST /api/v1/seller/price-suggestions/{id}/dismiss': ofSuggestion,
  'GET /api/v1/seller/variants/{sku}/price-bounds': { role: 'merchant', make: bounded },
  'PUT /api/v1/seller/variants/{sku}/price-bounds': { ...ofArticle, body: { floor: 5, ceiling: 6 } },
  'DELETE /api/v1/seller/variants/{sku}/price-bounds': { role: 'merchant', make: bounded },
};
