import { describe, expect, it } from 'vitest';
import { openShop, productBody } from '../../test/fixtures/catalog.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const slug = (): string => `c-${newId()}`;

describe('categories', () => {
  it('are a tree with counts, which an admin changes', async () => {
    const { token } = await store.person('admin');
    const make = async (body: object) => (await store.call('POST', '/api/v1/categories', { token, body })).body;
    const top = await make({ slug: slug(), name: 'Home', position: 1 });
    const below = await make({ slug: slug(), name: 'Kitchen', parentId: textAt(top, 'id') });
    const shop = await openShop(store);
    const body = productBody(shop, { categoryId: valueAt(below, 'id') });
    expect((await store.call('POST', '/api/v1/products', { token: shop.token, body })).status).toBe(201);
    const nodeOf = async (id: string) => {
      const items = listAt((await store.call('GET', '/api/v1/categories')).body, 'items');
      return items.find((node) => textAt(node, 'id') === id);
    };
    expect(await nodeOf(textAt(top, 'id'))).toMatchObject({
      products: 1,
      children: [{ id: valueAt(below, 'id'), products: 1, children: [] }],
    });

    const put = (id: string, body: object) => store.call('PUT', `/api/v1/categories/${id}`, { token, body });
    const circle = await put(textAt(top, 'id'), {
      slug: textAt(top, 'slug'),
      name: 'Home',
      parentId: textAt(below, 'id'),
    });
    expect([circle.status, valueAt(circle.body, 'code')]).toEqual([400, 'INVALID']);
    expect(
      valueAt((await put(textAt(below, 'id'), { slug: valueAt(top, 'slug'), name: 'Kitchen' })).body, 'code'),
    ).toBe('NAME_TAKEN');
    expect((await put(newId(), { slug: slug(), name: 'None' })).status).toBe(404);
    const remove = (id: string) => store.call('DELETE', `/api/v1/categories/${id}`, { token });
    expect(valueAt((await remove(textAt(top, 'id'))).body, 'code')).toBe('IN_USE');
    expect(valueAt((await remove(textAt(below, 'id'))).body, 'code')).toBe('IN_USE');
    expect(
      (await put(textAt(below, 'id'), { slug: valueAt(below, 'slug'), name: 'Kitchen', parentId: null })).status,
    ).toBe(200);
    expect((await remove(textAt(top, 'id'))).status).toBe(204);
    expect(await nodeOf(textAt(top, 'id'))).toBeUndefined();
    expect(await nodeOf(textAt(below, 'id'))).toMatchObject({ name: 'Kitchen', products: 1 });
    const { rows } = await store.database.pool.query('select action from audit_log where subject_id = $1 order by id', [
      valueAt(top, 'id'),
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['category.create', 'category.remove']);
  });

  it('are changed by no merchant', async () => {
    const { token } = await store.person('merchant');
    const body = { slug: slug(), name: 'Mine' };
    expect((await store.call('POST', '/api/v1/categories', { token, body })).status).toBe(403);
    expect((await store.call('POST', '/api/v1/categories', { body })).status).toBe(401);
    expect((await store.call('DELETE', `/api/v1/categories/${newId()}`, { token })).status).toBe(403);
  });
});

describe('brands', () => {
  it('are listed by page, and changed by an admin', async () => {
    const { token } = await store.person('admin');
    const made = await Promise.all(
      [1, 2, 3].map(async (n) => {
        const body = { slug: `b${n}-${newId()}`, name: `Brand ${n}` };
        return (await store.call('POST', '/api/v1/brands', { token, body })).body;
      }),
    );
    const first = (await store.call('GET', '/api/v1/brands?limit=2')).body;
    const second = (await store.call('GET', `/api/v1/brands?limit=2&cursor=${textAt(first, 'nextCursor')}`)).body;
    expect([...listAt(first, 'items'), ...listAt(second, 'items')]).toEqual(made);
    expect(valueAt(second, 'nextCursor')).toBeNull();
    const url = `/api/v1/brands/${textAt(made, 0, 'id')}`;
    const renamed = { slug: textAt(made, 0, 'slug'), name: 'Renamed' };
    expect(valueAt((await store.call('PUT', url, { token, body: renamed })).body, 'name')).toBe('Renamed');
    expect((await store.call('PUT', url, { token, body: { ...renamed, slug: textAt(made, 1, 'slug') } })).status).toBe(
      409,
    );
    expect((await store.call('PUT', url, { token, body: { slug: 'x', name: '' } })).status).toBe(400);
    const shop = await openShop(store);
    expect((await store.call('DELETE', url, { token: shop.token })).status).toBe(403);
    const body = productBody(shop, { brandId: textAt(made, 0, 'id') });
    expect((await store.call('POST', '/api/v1/products', { token: shop.token, body })).status).toBe(201);
    expect(valueAt((await store.call('DELETE', url, { token })).body, 'code')).toBe('IN_USE');
    expect((await store.call('DELETE', `/api/v1/brands/${textAt(made, 1, 'id')}`, { token })).status).toBe(204);
    expect((await store.call('DELETE', `/api/v1/brands/${textAt(made, 1, 'id')}`, { token })).status).toBe(404);
  });
});

describe('rates', () => {
  it('are set by an admin from a time on', async () => {
    const { token } = await store.person('admin');
    const put = (currency: string, body: object) => store.call('PUT', `/api/v1/rates/${currency}`, { token, body });
    expect((await put('EUR', { perReference: '0.9' })).status).toBe(200);
    expect((await put('EUR', { perReference: '0.8', validFrom: Date.now() + 3_600_000 })).status).toBe(200);
    const items = valueAt((await store.call('GET', '/api/v1/rates')).body, 'items');
    expect(items).toMatchObject([{ currency: 'EUR', perReference: '0.9000000000' }]);
    for (const perReference of ['0', '-1', '1e5', '0.00', '01', 'x']) {
      expect((await put('EUR', { perReference })).status).toBe(400);
    }
    expect((await put('USD', { perReference: '1' })).status).toBe(400);
    const merchant = await store.person('merchant');
    const body = { perReference: '2' };
    expect((await store.call('PUT', '/api/v1/rates/EUR', { token: merchant.token, body })).status).toBe(403);
  });
});
