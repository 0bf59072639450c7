import { openShop, productBody } from '../../fixtures/catalog.ts';
import { newId } from '../../fixtures/drop.ts';
import { create, type OwnThing, type Stage, type WalkEntries } from './walk.ts';

const place = () => ({ code: `w-${newId()}`, name: 'Barn', country: 'DE', latitude: 52.5, longitude: 13.4 });

async function article({ store, owner }: Stage): Promise<{ readonly sku: string }> {
  const body = productBody(await openShop(store));
  await create({ store, owner }, 'POST', '/api/v1/products', body);
  return { sku: body.variants[0]?.sku ?? '' };
}

const ofArticle: OwnThing = { role: 'merchant', make: article };
const ofWarehouse: OwnThing = {
  role: 'merchant',
  make: async (stage) => ({ id: await create(stage, 'POST', '/api/v1/seller/warehouses', place()) }),
};

export const entries: WalkEntries = {
  'GET /api/v1/seller/warehouses': 'self',
  'POST /api/v1/seller/warehouses': 'self',
  'GET /api/v1/seller/warehouses/{id}': ofWarehouse,
  'PATCH /api/v1/seller/warehouses/{id}': { ...ofWarehouse, body: { name: 'Shed' } },
  'DELETE /api/v1/seller/warehouses/{id}': ofWarehouse,
  'GET /api/v1/seller/inventory': 'self',
  'GET /api/v1/seller/inventory/{sku}': ofArticle,
  'GET /api/v1/seller/inventory/movements': 'self',
  'POST /api/v1/seller/inventory/movements': 'self',
  'POST /api/v1/seller/inventory/transfers': 'self',
  'PUT /api/v1/seller/variants/{sku}/low-stock': { ...ofArticle, body: { lowStockAt: 5 } },
  'POST /api/v1/seller/inventory/import': 'self',
  'GET /api/v1/seller/inventory/export': 'self',
  'GET /api/v1/seller/alerts': 'self',
};
