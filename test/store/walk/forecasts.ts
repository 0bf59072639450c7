import { replaceSuggestions } from '../../../db/queries/forecast/price-suggestions.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import { newId } from '../../fixtures/drop.ts';
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
    const { sku } = await bounded(stage);
    const id = newId();
    const why = { reason: 'margin' };
    const made = { id, sku, price: 1_000, suggested: 1_100, floor: 500, ceiling: 2_000, currency: 'EUR', why };
    const times = { nowMs: Date.now(), untilMs: Date.now() + 3_600_000 };
    await withTransaction(stage.store.database.pool, (client) => replaceSuggestions(client, [sku], [made], times));
    return { id };
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
