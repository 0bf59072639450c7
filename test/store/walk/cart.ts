import type { WalkEntries } from './walk.ts';

const sku = { publicName: 'a sku, in the cart or on the list of whoever asks' };

/** The same under `/cart/{userId}` say themselves whose cart it is. */
export const entries: WalkEntries = {
  'GET /api/v1/cart': 'self',
  'DELETE /api/v1/cart': 'self',
  'PUT /api/v1/cart/currency': 'self',
  'POST /api/v1/cart/prices/accept': 'self',
  'POST /api/v1/cart/merge': 'self',
  'POST /api/v1/cart/items': 'self',
  'PUT /api/v1/cart/items/{sku}': sku,
  'DELETE /api/v1/cart/items/{sku}': sku,
  'POST /api/v1/cart/items/{sku}/save-for-later': sku,
  'POST /api/v1/cart/items/{sku}/move-to-cart': sku,
  'POST /api/v1/cart/coupons': 'self',
  'DELETE /api/v1/cart/coupons/{code}': { publicName: 'a code, in the cart of whoever asks' },
  'GET /api/v1/cart/summary': 'self',
  'GET /api/v1/wishlist': 'self',
  'PUT /api/v1/wishlist/{sku}': sku,
  'DELETE /api/v1/wishlist/{sku}': sku,
  'POST /api/v1/wishlist/{sku}/move-to-cart': sku,
};
