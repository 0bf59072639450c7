import Type, { type Static } from 'typebox';
import { describe, expect, it } from 'vitest';
import { fillShop, openShop, productBody } from '../../test/fixtures/catalog.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, shapedAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();

async function shopWithProduct(changes: Readonly<Record<string, unknown>> = {}) {
  const shop = await openShop(store);
  const body = productBody(shop, changes);
  const made = await store.call('POST', '/api/v1/products', { token: shop.token, body });
  expect(made.text).toContain(body.slug);
  expect(made.status).toBe(201);
  const { variants: _variants, ...content } = body;
  return { shop, body, content, product: made.body, etag: String(made.headers['etag']) };
}

describe('a product', () => {
  it('is made by a merchant and seen by everybody, by its id and its slug', async () => {
    const { shop, body, product } = await shopWithProduct();
    const { categoryId: _categoryId, ...shown } = body;
    for (const name of [valueAt(product, 'id'), body.slug]) {
      const { status, body: seen, headers } = await store.call('GET', `/api/v1/products/${name}`);
      expect(status).toBe(200);
      expect(seen).toMatchObject({ ...shown, merchantId: shop.merchantId, languages: ['en'] });
      expect(listAt(seen, 'variants').map((v) => valueAt(v, 'inStock'))).toEqual([false, false]);
      expect(headers['cache-control']).toContain('public');
    }
  });

  it('is shown only when it is active, to others than its merchant', async () => {
    const { shop, product } = await shopWithProduct({ status: 'draft' });
    const other = await openShop(store);
    const own = `/api/v1/seller/products/${textAt(product, 'id')}`;
    expect((await store.call('GET', `/api/v1/products/${textAt(product, 'id')}`)).status).toBe(404);
    expect(valueAt((await store.call('GET', own, { token: shop.token })).body, 'status')).toBe('draft');
    expect((await store.call('GET', own, { token: other.token })).status).toBe(404);
    const { token: admin } = await store.person('admin');
    expect((await store.call('GET', own, { token: admin })).status).toBe(200);
    const drafts = await store.call('GET', '/api/v1/seller/products?status=draft', { token: shop.token });
    expect(listAt(drafts.body, 'items').map((one) => textAt(one, 'id'))).toEqual([valueAt(product, 'id')]);
    const none = await store.call('GET', `/api/v1/seller/products?merchant=${shop.merchantId}`, {
      token: other.token,
    });
    expect(valueAt(none.body, 'items')).toEqual([]);
  });

  it.each([
    ['no title', { title: '' }],
    ['a title of white space', { title: '  ' }],
    ['a slug that is none', { slug: 'Not A Slug' }],
    ['a slug like an id', { slug: newId() }],
    ['a category that there is not', { categoryId: newId() }],
    ['a picture that is a script', { images: [{ url: 'javascript:alert(1)' }] }],
    ['a negative price', { variants: [{ sku: 'X-1', price: -1, currency: 'USD' }] }],
    ['a price with a fraction', { variants: [{ sku: 'X-1', price: 1.5, currency: 'USD' }] }],
    ['a price beyond all', { variants: [{ sku: 'X-1', price: 1e18, currency: 'USD' }] }],
    ['something that there is not', { colour: 'red' }],
    ['somebody else as its merchant', { merchantId: newId() }],
    [
      'two currencies',
      {
        variants: [
          { sku: `X-${newId()}`, price: 1, currency: 'USD' },
          { sku: `Y-${newId()}`, price: 1, currency: 'EUR' },
        ],
      },
    ],
  ])('with %s is refused', async (_what, changes) => {
    const shop = await openShop(store);
    const body = productBody(shop, changes);
    const { status, body: problem } = await store.call('POST', '/api/v1/products', { token: shop.token, body });
    expect([status, valueAt(problem, 'code')]).toEqual('merchantId' in changes ? [403, 'FORBIDDEN'] : [400, 'INVALID']);
  });

  it('has a slug and SKUs of its own', async () => {
    const { shop, body } = await shopWithProduct();
    const same = productBody(shop, { slug: body.slug });
    const taken = await store.call('POST', '/api/v1/products', { token: shop.token, body: same });
    expect([taken.status, valueAt(taken.body, 'code')]).toEqual([409, 'NAME_TAKEN']);
    const sameSku = productBody(shop, { variants: body.variants });
    expect((await store.call('POST', '/api/v1/products', { token: shop.token, body: sameSku })).status).toBe(409);
    const nothing = await store.call('GET', `/api/v1/products/${sameSku.slug}`);
    expect(nothing.status).toBe(404);
  });

  it('is changed by who has seen its last version, and by nobody else', async () => {
    const { shop, content, product, etag } = await shopWithProduct();
    const url = `/api/v1/products/${textAt(product, 'id')}`;
    const put = (headers: Record<string, string>, token = shop.token) =>
      store.call('PUT', url, { token, body: { ...content, title: 'New title' }, headers });
    expect((await put({})).status).toBe(428);
    expect((await put({ 'if-match': '"999"' })).status).toBe(412);
    expect((await put({ 'if-match': 'nonsense' })).status).toBe(400);
    expect((await put({ 'if-match': etag }, (await openShop(store)).token)).status).toBe(404);
    expect((await put({ 'if-match': etag }, (await store.person()).token)).status).toBe(403);
    const read = await store.call('GET', url);
    const changed = await put({ 'if-match': String(read.headers['etag']) });
    expect([changed.status, valueAt(changed.body, 'title')]).toEqual([200, 'New title']);
    expect(valueAt((await put({ 'if-match': etag })).body, 'code')).toBe('VERSION_STALE');
    expect(valueAt((await store.call('GET', url)).body, 'title')).toBe('New title');
  });

  it('lets one of two changes at once through', async () => {
    const { shop, content, product, etag } = await shopWithProduct();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        store.call('PUT', `/api/v1/products/${textAt(product, 'id')}`, {
          ...{ token: shop.token, body: { ...content, title: `Title ${n}` }, headers: { 'if-match': etag } },
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(9);
  });

  it('that was for sale is archived, a draft is removed', async () => {
    const sold = await shopWithProduct();
    const remove = (id: string, token: string) => store.call('DELETE', `/api/v1/products/${id}`, { token });
    expect((await remove(textAt(sold.product, 'id'), (await openShop(store)).token)).status).toBe(404);
    expect((await remove(textAt(sold.product, 'id'), sold.shop.token)).body).toEqual({ outcome: 'archived' });
    expect((await store.call('GET', `/api/v1/products/${textAt(sold.product, 'id')}`)).status).toBe(404);
    const draft = await shopWithProduct({ status: 'draft' });
    expect((await remove(textAt(draft.product, 'id'), draft.shop.token)).body).toEqual({ outcome: 'removed' });
    expect((await remove(textAt(draft.product, 'id'), draft.shop.token)).status).toBe(404);
  });

  it('of an admin is written down in the audit trail', async () => {
    const { product } = await shopWithProduct();
    const admin = await store.person('admin');
    await store.call('DELETE', `/api/v1/products/${textAt(product, 'id')}`, { token: admin.token });
    const { rows } = await store.database.pool.query('select action, actor_id from audit_log where subject_id = $1', [
      valueAt(product, 'id'),
    ]);
    expect(rows).toEqual([{ action: 'product.remove', actor_id: admin.userId }]);
  });

  it('that has not changed is answered with 304', async () => {
    const { product } = await shopWithProduct();
    const url = `/api/v1/products/${textAt(product, 'id')}`;
    const etag = String((await store.call('GET', url)).headers['etag']);
    const again = await store.call('GET', url, { headers: { 'if-none-match': etag } });
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag]);
    expect((await store.call('GET', url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });
});

describe('variants', () => {
  it('come, change and go, and their prices are remembered', async () => {
    const { shop, body, product } = await shopWithProduct();
    const [sku, other] = body.variants.map((variant) => variant.sku);
    const change = (price: number, token = shop.token) =>
      store.call('PUT', `/api/v1/variants/${sku}`, { token, body: { title: 'Sand', price, currency: 'USD' } });
    expect((await change(1_900)).status).toBe(200);
    expect((await change(1_900)).status).toBe(200);
    expect(valueAt((await change(2_000)).body, 'variants', 0, 'price')).toBe(2_000);
    expect((await change(1, (await openShop(store)).token)).status).toBe(404);
    const prices = await store.call('GET', `/api/v1/variants/${sku}/prices?limit=2`);
    expect(listAt(prices.body, 'items').map((one) => numberAt(one, 'price'))).toEqual([2_000, 1_900]);
    const rest = await store.call('GET', `/api/v1/variants/${sku}/prices?cursor=${textAt(prices.body, 'nextCursor')}`);
    expect(listAt(rest.body, 'items').map((one) => numberAt(one, 'price'))).toEqual([2_200]);

    expect(
      valueAt((await store.call('DELETE', `/api/v1/variants/${sku}`, { token: shop.token })).body, 'outcome'),
    ).toBe('archived');
    const left = await store.call('GET', `/api/v1/products/${textAt(product, 'id')}`);
    expect(listAt(left.body, 'variants').map((variant) => textAt(variant, 'sku'))).toEqual([other]);
    expect((await store.call('GET', `/api/v1/variants/${sku}/prices`)).status).toBe(404);
    const url = `/api/v1/products/${textAt(product, 'id')}/variants`;
    const third = { sku: `T-${newId()}`, price: 100, currency: 'USD' };
    expect((await store.call('POST', url, { token: shop.token, body: third })).status).toBe(201);
    const euros = { ...third, sku: `E-${newId()}`, currency: 'EUR' };
    expect(valueAt((await store.call('POST', url, { token: shop.token, body: euros })).body, 'code')).toBe('INVALID');
    const listed = await store.call('GET', `/api/v1/products?merchant=${shop.merchantId}`);
    expect(valueAt(listed.body, 'items', 0, 'price')).toBe(100);
  });
});

describe('translations', () => {
  it('are chosen by Accept-Language, and fall back to what the merchant wrote', async () => {
    const { shop, product } = await shopWithProduct();
    const url = `/api/v1/products/${textAt(product, 'id')}/translations`;
    const german = { title: 'Becher aus Steinzeug', description: 'Von Hand gedreht.' };
    const written = await store.call('PUT', `${url}/de`, { token: shop.token, body: german });
    expect([written.status, valueAt(written.body, 'languages')]).toEqual([200, ['de', 'en']]);
    const read = async (languages: string) => {
      const headers = { 'accept-language': languages };
      const [one, list] = await Promise.all([
        store.call('GET', `/api/v1/products/${textAt(product, 'id')}`, { headers }),
        store.call('GET', `/api/v1/products?merchant=${shop.merchantId}`, { headers }),
      ]);
      expect(valueAt(list.body, 'items', 0, 'title')).toBe(valueAt(one.body, 'title'));
      expect(one.headers['vary']).toContain('accept-language');
      return [valueAt(one.body, 'title'), one.headers['content-language']];
    };
    expect(await read('de-AT, en;q=0.5')).toEqual([german.title, 'de']);
    expect(await read('fr')).toEqual(['Stoneware mug', 'en']);
    expect((await store.call('PUT', `${url}/german`, { token: shop.token, body: german })).status).toBe(400);
    expect((await store.call('DELETE', `${url}/de`, { token: shop.token })).status).toBe(200);
    expect((await store.call('DELETE', `${url}/de`, { token: shop.token })).status).toBe(404);
    expect(await read('de')).toEqual(['Stoneware mug', 'en']);
  });
});

const Listed = Type.Object({ id: Type.String(), price: Type.Integer(), title: Type.String() });
const Cursor = Type.Union([Type.String(), Type.Null()]);

describe('the list of products', () => {
  const idsOf = (page: unknown): string[] => listAt(page, 'items').map((one) => textAt(one, 'id'));

  it('filters by category with all below it, brand, price, tags, attributes and what is in stock', async () => {
    const { shop, body, product } = await shopWithProduct();
    const admin = await store.person('admin');
    const brand = (await store.call('POST', '/api/v1/brands', { ...admin, body: { slug: `b-${newId()}`, name: 'B' } }))
      .body;
    const below = await store.call('POST', '/api/v1/categories', {
      ...{ token: admin.token, body: { slug: `c-${newId()}`, name: 'Below', parentId: shop.categoryId } },
    });
    const second = productBody(shop, {
      categoryId: valueAt(below.body, 'id'),
      brandId: valueAt(brand, 'id'),
      tags: ['sale', 'handmade'],
    });
    const deep = (await store.call('POST', '/api/v1/products', { token: shop.token, body: second })).body;
    const warehouse = newId();
    await store.database.pool.query(
      `insert into warehouses (id, code, name, country, latitude, longitude) values ($1, $2, 'W', 'NL', 0, 0)`,
      [warehouse, `w-${warehouse}`],
    );
    const onHand = 'insert into inventory (sku, warehouse_id, on_hand, reserved) values ($1, $2, 3, $3)';
    await store.database.pool.query(onHand, [body.variants[0]?.sku, warehouse, 1]);
    await store.database.pool.query(onHand, [second.variants[0]?.sku, warehouse, 3]);
    const list = async (query: string) =>
      idsOf((await store.call('GET', `/api/v1/products?merchant=${shop.merchantId}&${query}`)).body);

    expect(await list(`category=${shop.categorySlug}`)).toEqual([valueAt(deep, 'id'), valueAt(product, 'id')]);
    expect(await list(`category=${textAt(below.body, 'slug')}`)).toEqual([valueAt(deep, 'id')]);
    expect(await list(`brand=${textAt(brand, 'slug')}`)).toEqual([valueAt(deep, 'id')]);
    expect(await list('tags=handmade')).toEqual([valueAt(deep, 'id'), valueAt(product, 'id')]);
    expect(await list('tags=handmade&tags=sale')).toEqual([valueAt(deep, 'id')]);
    expect(await list('attributes=color:indigo')).toHaveLength(2);
    expect(await list('attributes=color:red')).toEqual([]);
    expect(await list('availability=in-stock')).toEqual([valueAt(product, 'id')]);
    expect(await list('minPrice=2201')).toEqual([]);
    expect(await list('minPrice=2200&maxPrice=2200')).toHaveLength(2);
    expect(await list('category=there-is-none')).toEqual([]);
  });

  it.each([
    'sort=cheapest',
    'limit=0',
    'limit=101',
    'cursor=abc',
    'minPrice=-1',
    'currency=eur',
    'attributes=x',
    'x=1',
  ])('refuses %s', async (query) => {
    const { status, body } = await store.call('GET', `/api/v1/products?${query}`);
    expect([status, valueAt(body, 'code')]).toEqual([400, 'INVALID']);
  });

  it('refuses a cursor of another sort, or one that was tampered with', async () => {
    const shop = await openShop(store);
    await fillShop(store.database.pool, shop, 3);
    const list = (query: string) => store.call('GET', `/api/v1/products?merchant=${shop.merchantId}&limit=1&${query}`);
    const cursor = textAt((await list('sort=price-up')).body, 'nextCursor');
    expect((await list(`sort=price-up&cursor=${cursor}`)).status).toBe(200);
    expect((await list(`sort=price-down&cursor=${cursor}`)).status).toBe(400);
    const forged = Buffer.from(JSON.stringify(['price-up', `1' or '1'='1`, newId(), 1])).toString('base64url');
    expect((await list(`sort=price-up&cursor=${forged}`)).status).toBe(400);
  });

  it.each(['newest', 'price-up', 'price-down', 'title'])(
    'sorted by %s, is complete and repeats nothing while products come in',
    async (sort) => {
      const shop = await openShop(store);
      await fillShop(store.database.pool, shop, 230);
      const { rows } = await store.database.pool.query<{ id: string }>(
        'select id from products where merchant_id = $1',
        [shop.merchantId],
      );
      const seen: Static<typeof Listed>[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query = `merchant=${shop.merchantId}&sort=${sort}&limit=17${cursor === '' ? '' : `&cursor=${cursor}`}`;
        const page = await store.call('GET', `/api/v1/products?${query}`);
        expect(page.status).toBe(200);
        seen.push(...shapedAt(Type.Array(Listed), page.body, 'items'));
        cursor = shapedAt(Cursor, page.body, 'nextCursor');
        await fillShop(store.database.pool, shop, 3);
      }
      const ids = seen.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(ids)).toEqual(new Set([...ids, ...rows.map(({ id }) => id)]));
      const sortedBy = (a: (typeof seen)[number], b: (typeof seen)[number]): number =>
        ({ newest: a.id < b.id ? 1 : -1, 'price-up': a.price - b.price, 'price-down': b.price - a.price })[sort] ??
        a.title.localeCompare(b.title);
      expect(seen).toEqual(seen.toSorted(sortedBy));
    },
  );

  it('sorts and bounds prices of several currencies by their worth', async () => {
    const shop = await openShop(store);
    const admin = await store.person('admin');
    await store.call('PUT', '/api/v1/rates/EUR', { token: admin.token, body: { perReference: '0.5' } });
    await store.call('PUT', '/api/v1/rates/JPY', { token: admin.token, body: { perReference: '100' } });
    const prices = [
      [300, 'USD'],
      [100, 'EUR'],
      [250, 'JPY'],
    ] as const;
    for (const [price, currency] of prices) {
      const body = productBody(shop, { variants: [{ sku: `S-${newId()}`, price, currency }] });
      await store.call('POST', '/api/v1/products', { token: shop.token, body });
    }
    const list = async (query: string) => {
      const url = `/api/v1/products?merchant=${shop.merchantId}&${query}`;
      return valueAt((await store.call('GET', url)).body, 'items');
    };
    const up = listAt(await list('sort=price-up&currency=USD'));
    expect(up.map((item) => textAt(item, 'currency'))).toEqual(['EUR', 'JPY', 'USD']);
    expect(up.map((item) => valueAt(item, 'display'))).toEqual([
      { amount: 200, currency: 'USD', converted: true },
      { amount: 250, currency: 'USD', converted: true },
      { amount: 300, currency: 'USD', converted: false },
    ]);
    const bounded = listAt(await list('currency=EUR&minPrice=110&maxPrice=140'));
    expect(bounded.map((item) => textAt(item, 'currency'))).toEqual(['JPY']);
    const first = (await store.call('GET', `/api/v1/products?merchant=${shop.merchantId}&sort=price-down&limit=1`))
      .body;
    await store.call('PUT', '/api/v1/rates/EUR', { token: admin.token, body: { perReference: '0.001' } });
    const rest = listAt(await list(`sort=price-down&cursor=${textAt(first, 'nextCursor')}`));
    expect([...listAt(first, 'items'), ...rest].map((item) => textAt(item, 'currency'))).toEqual(['USD', 'JPY', 'EUR']);
  });
});
