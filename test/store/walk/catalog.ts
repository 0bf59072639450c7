import { openShop, productBody } from '../../fixtures/catalog.ts';
import { textAt } from '../../fixtures/told.ts';
import type { OwnThing, Stage, WalkEntries } from './walk.ts';

async function product({ store, owner }: Stage): Promise<{ readonly id: string; readonly sku: string }> {
  const shop = await openShop(store);
  const body = productBody(shop);
  const made = await store.call('POST', '/api/v1/products', { token: owner.token, body });
  if (made.status !== 201) throw new Error(`a product was answered ${made.status}: ${made.text}`);
  return { id: textAt(made.body, 'id'), sku: body.variants[0]?.sku ?? '' };
}

const own: OwnThing = { make: product, role: 'merchant' };
const variant = { title: 'Clay', attributes: {}, price: 100, currency: 'USD' };
const translation = { title: 'Tasse', description: 'Von Hand' };

export const entries: WalkEntries = {
  'POST /api/v1/products': 'self',
  'PUT /api/v1/products/{id}': {
    make: async (stage) => {
      const made = await product(stage);
      replaced.categoryId = (await openShop(stage.store)).categoryId;
      replaced.slug = `again-${made.id}`;
      return made;
    },
    role: 'merchant',
    headers: { 'if-match': '*' },
    get body() {
      return replaced;
    },
  },
  'DELETE /api/v1/products/{id}': { ...own, headers: { 'if-match': '*' } },
  'GET /api/v1/seller/products': 'self',
  'GET /api/v1/seller/products/{id}': own,
  'POST /api/v1/seller/products/import': 'self',
  'GET /api/v1/seller/products/export': 'self',
  'POST /api/v1/products/{id}/variants': { ...own, body: { sku: 'WALK-1', ...variant } },
  'PUT /api/v1/variants/{sku}': { ...own, body: variant },
  'DELETE /api/v1/variants/{sku}': own,
  'PUT /api/v1/products/{id}/translations/{language}': {
    ...own,
    make: async (stage) => ({ ...(await product(stage)), language: 'de' }),
    body: translation,
  },
  'DELETE /api/v1/products/{id}/translations/{language}': {
    role: 'merchant',
    make: async (stage) => {
      const { id } = await product(stage);
      const url = `/api/v1/products/${id}/translations/de`;
      await stage.store.call('PUT', url, { token: stage.owner.token, body: translation });
      return { id, language: 'de' };
    },
  },
  'POST /api/v1/categories': 'staff',
  'PUT /api/v1/categories/{id}': 'staff',
  'DELETE /api/v1/categories/{id}': 'staff',
  'POST /api/v1/brands': 'staff',
  'PUT /api/v1/brands/{id}': 'staff',
  'DELETE /api/v1/brands/{id}': 'staff',
  'PUT /api/v1/rates/{currency}': 'staff',
};

const replaced = { slug: '', title: 'Mug', categoryId: '', status: 'draft' };
