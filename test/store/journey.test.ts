/** One shopper's way through the store, by its routes alone. */
import { expect, it } from 'vitest';
import { rebuildSearch } from '../../db/queries/search/rebuild.ts';
import { newId } from '../fixtures/drop.ts';
import { reprice, sell } from '../fixtures/goods.ts';
import { useStore } from '../fixtures/store.ts';
import { listAt, textAt, valueAt } from '../fixtures/told.ts';

const store = useStore();

it('registers, searches with a typo, narrows, fills a cart as a guest, signs in, uses a coupon, sees a new price', async () => {
  const database = store.database.pool;
  const wanted = await sell(database, { priceMinor: 4_000, title: 'Waterproof hiking boots' });
  await sell(database, { priceMinor: 90_000, title: 'Hiking backpack' });
  await rebuildSearch(database, { connections: 1 });

  const email = `${newId()}@people.example`;
  const password = 'a long and quiet morning';
  const registered = await store.call('POST', '/api/v1/auth/register', { body: { email, password, name: 'Sam' } });
  expect(registered.status, registered.text).toBe(201);

  const found = await store.call('GET', '/api/v1/search/products?q=hikng%20bootz');
  expect(valueAt(found.body, 'items', 0), found.text).toMatchObject({ id: wanted.productId });
  const narrowed = await store.call('GET', '/api/v1/search/products?q=hiking&priceMax=5000&inStock=true');
  expect(listAt(narrowed.body, 'items').map((one) => textAt(one, 'id'))).toEqual([wanted.productId]);
  const page = await store.call('GET', `/api/v1/products/${wanted.productId}`);
  const sku = textAt(page.body, 'variants', 0, 'sku');

  const guest = textAt((await store.call('POST', '/api/v1/auth/guest')).body, 'accessToken');
  const added = await store.call('POST', '/api/v1/cart/items', { token: guest, body: { sku, quantity: 2 } });
  expect(added.body).toMatchObject({ subtotal: 8_000 });

  const login = await store.call('POST', '/api/v1/auth/login', { body: { email, password, guestToken: guest } });
  expect(login.status, login.text).toBe(200);
  const token = textAt(login.body, 'accessToken');
  expect(valueAt((await store.call('GET', '/api/v1/cart', { token })).body, 'items')).toMatchObject([
    { sku, quantity: 2 },
  ]);

  const admin = await store.person('admin');
  const code = newId().slice(-12);
  const promotion = { title: 'A tenth', benefit: { kind: 'percentage', ppm: 100_000 }, codeKind: 'shared', code };
  expect((await store.call('POST', '/api/v1/promotions', { token: admin.token, body: promotion })).status).toBe(201);
  await store.call('POST', '/api/v1/cart/coupons', { token, body: { code } });
  const summary = async () => (await store.call('GET', '/api/v1/cart/summary?country=DE', { token })).body;
  expect(await summary()).toMatchObject({ goods: 8_000, discount: 800, payable: true });

  // Cheaper is the shopper's at once; dearer is another test's: it is held for a while, and shown before it is paid.
  await reprice(database, sku, 3_000);
  expect(valueAt((await store.call('GET', '/api/v1/cart', { token })).body, 'items')).toMatchObject([
    { sku, unitPrice: 3_000 },
  ]);
  expect(await summary()).toMatchObject({ goods: 6_000, discount: 600, payable: true });
});
