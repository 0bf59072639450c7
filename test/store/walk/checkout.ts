import { checkOut, fillCart, HOME, stock } from '../../fixtures/checkout.ts';
import { textAt } from '../../fixtures/told.ts';
import type { OwnThing, WalkEntries } from './walk.ts';

const checkout: OwnThing = {
  make: async ({ store, owner }) => {
    const { sku } = await stock(store);
    await fillCart(store, owner, sku);
    const made = await checkOut(store, owner);
    if (made.status !== 201) throw new Error(`a checkout was answered ${made.status}: ${made.text}`);
    return { id: textAt(made.body, 'id') };
  },
};

/** The one under `/cart/{userId}` says itself whose cart it is. */
export const entries: WalkEntries = {
  'POST /api/v1/cart/checkout': 'self',
  'GET /api/v1/checkouts/{id}': checkout,
  'PATCH /api/v1/checkouts/{id}': { ...checkout, body: { address: { ...HOME, city: 'Potsdam' } } },
  'DELETE /api/v1/checkouts/{id}': checkout,
};
