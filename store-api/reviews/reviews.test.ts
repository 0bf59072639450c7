import Type, { type Static } from 'typebox';
import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { buy, praise, regular, review, sell } from '../../test/fixtures/reviewed.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { numberAt, shapedAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const db = () => store.database.pool;
const get = (path: string, token?: string) => store.call('GET', `/api/v1${path}`, { token });

describe('a review', () => {
  it('is published at once, says who bought it, and shows no full name', async () => {
    const goods = await sell(db());
    const author = await regular(store);
    await db().query(`update users set name = 'Ada King Lovelace' where id = $1`, [author.userId]);
    await buy(store, goods, author.userId);
    const words = praise({ language: 'de' });
    const made = await review(store, goods.productId, author, words);
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      status: 'PUBLISHED',
      isVerified: true,
      author: 'Ada L.',
      language: 'de',
      note: '',
    });
    expect(made.headers['location']).toBe(`/api/v1/reviews/${textAt(made.body, 'id')}`);
    expect((await get(`/reviews/${textAt(made.body, 'id')}`)).body).toMatchObject({
      ...words,
      productId: goods.productId,
    });
    const listed = await get(`/products/${goods.productId}/reviews`);
    expect(valueAt(listed.body, 'items')).toHaveLength(1);
    expect(listed.text).not.toContain('Lovelace');
    expect(listed.text).not.toContain(author.userId);
  });

  it('is one for each account and product, however many are written at once', async () => {
    const goods = await sell(db());
    const author = await regular(store);
    const tries = await Promise.all(Array.from({ length: 8 }, () => review(store, goods.productId, author)));
    const statuses = tries.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    const made = tries.find(({ status }) => status === 201);
    const again = await review(store, goods.productId, author);
    expect(again.body).toMatchObject({
      code: 'REVIEWED_ALREADY',
      detail: `PUT /api/v1/reviews/${textAt(made?.body, 'id')}`,
    });
    expect(valueAt((await get('/me/reviews', author.token)).body, 'items')).toHaveLength(1);
  });

  it('gets one answer for one key', async () => {
    const goods = await sell(db());
    const { token } = await regular(store);
    const call = { token, body: praise(), headers: { 'idempotency-key': newId() } };
    const [first, second] = [
      await store.call('POST', `/api/v1/products/${goods.productId}/reviews`, call),
      await store.call('POST', `/api/v1/products/${goods.productId}/reviews`, call),
    ];
    expect([first?.status, second?.status]).toEqual([201, 201]);
    expect(second?.headers['idempotent-replayed']).toBe('true');
    expect(second?.body).toEqual(first?.body);
  });

  it('is not written by guests, by who sells it, or of what is not for sale', async () => {
    const goods = await sell(db());
    const guest = await store.guest();
    expect((await review(store, goods.productId, guest)).status).toBe(403);
    const { accessToken: token } = await store.tokens.issue({
      ...{ userId: goods.merchantId, kind: 'user', role: 'merchant' },
    });
    expect(valueAt((await review(store, goods.productId, { userId: '', token })).body, 'code')).toBe('OWN_PRODUCT');
    const author = await regular(store);
    const gone = await sell(db());
    await db().query(`update products set status = 'archived' where id = $1`, [gone.productId]);
    expect((await review(store, gone.productId, author)).status).toBe(404);
    expect((await review(store, newId(), author)).status).toBe(404);
    expect((await get(`/products/${newId()}/reviews`)).status).toBe(404);
  });

  it.each([
    ['no stars', { stars: 0 }],
    ['six stars', { stars: 6 }],
    ['half a star', { stars: 4.5 }],
    ['a title of spaces', { title: '   ' }],
    ['a text of line ends', { text: '\n\n' }],
    ['a bell', { text: 'ding\u0007' }],
    ['a title of two lines', { title: 'a\nb' }],
    ['too long a text', { text: 'a'.repeat(5_001) }],
    ['a language that is none', { language: 'english' }],
    ['another field', { isVerified: true }],
  ])('is refused with %s', async (_what, changes) => {
    const { productId } = await sell(db());
    expect((await review(store, productId, await regular(store), changes)).body).toMatchObject({ code: 'INVALID' });
  });

  it('is changed and taken back by its author only', async () => {
    const goods = await sell(db());
    const [author, other] = [await regular(store), await regular(store)];
    const { body } = await review(store, goods.productId, author);
    const url = `/api/v1/reviews/${textAt(body, 'id')}`;
    expect((await store.call('PUT', url, { token: other.token, body: praise() })).status).toBe(404);
    expect((await store.call('DELETE', url, { token: other.token })).status).toBe(404);
    const changed = await store.call('PUT', url, {
      token: author.token,
      body: praise({ stars: 2, text: 'It broke.' }),
    });
    expect(changed.body).toMatchObject({ stars: 2, text: 'It broke.', status: 'PUBLISHED' });
    expect(valueAt(changed.body, 'editedAt')).toBeGreaterThan(numberAt(changed.body, 'createdAt'));
    expect((await store.call('DELETE', url, { token: author.token })).status).toBe(204);
    expect((await get(`/reviews/${textAt(body, 'id')}`)).status).toBe(404);
    expect((await review(store, goods.productId, author)).status).toBe(201);
  });

  it('is answered by who sells the product', async () => {
    const goods = await sell(db());
    const { body } = await review(store, goods.productId, await regular(store));
    const url = `/api/v1/reviews/${textAt(body, 'id')}/answer`;
    const issue = async (userId: string) =>
      (await store.tokens.issue({ userId, kind: 'user', role: 'merchant' })).accessToken;
    const other = await store.person('merchant');
    const answer = { text: 'Thank you!\nThe new ones are even better.' };
    expect((await store.call('PUT', url, { token: other.token, body: answer })).status).toBe(404);
    const token = await issue(goods.merchantId);
    expect(valueAt((await store.call('PUT', url, { token, body: answer })).body, 'answer')).toMatchObject(answer);
    expect(valueAt((await get(`/reviews/${textAt(body, 'id')}`)).body, 'answer')).toMatchObject(answer);
    expect((await store.call('DELETE', url, { token })).status).toBe(204);
    expect(valueAt((await get(`/reviews/${textAt(body, 'id')}`)).body, 'answer')).toBeNull();
  });
});

describe('the list of a product', () => {
  it('is sorted and filtered, page by page, without repeating or leaving out', async () => {
    const goods = await sell(db());
    const stars = [5, 1, 3, 3, 4, 5, 2];
    for (const [at, given] of stars.entries()) {
      const author = await regular(store);
      const { body } = await review(store, goods.productId, author, {
        stars: given,
        text: `The ${at}. of them, as I think.`,
      });
      await db().query('update reviews set helpful = $2, is_verified = $3 where id = $1', [
        valueAt(body, 'id'),
        at % 3,
        at < 2,
      ]);
    }
    const Listed = Type.Object({ stars: Type.Integer(), helpful: Type.Integer() });
    const all = async (query: string) => {
      const found: Static<typeof Listed>[] = [];
      let cursor = '';
      do {
        const page = await get(`/products/${goods.productId}/reviews?limit=2&${query}${cursor}`);
        expect(page.status, page.text).toBe(200);
        found.push(...shapedAt(Type.Array(Listed), page.body, 'items'));
        cursor = valueAt(page.body, 'nextCursor') === null ? '' : `&cursor=${textAt(page.body, 'nextCursor')}`;
      } while (cursor !== '');
      return found;
    };
    expect((await all('sort=highest')).map((one) => one.stars)).toEqual([5, 5, 4, 3, 3, 2, 1]);
    expect((await all('sort=lowest')).map((one) => one.stars)).toEqual([1, 2, 3, 3, 4, 5, 5]);
    expect((await all('sort=newest')).map((one) => one.stars)).toEqual(stars.toReversed());
    expect((await all('sort=helpful')).map((one) => one.helpful)).toEqual([2, 2, 1, 1, 0, 0, 0]);
    expect(await all('stars=3&sort=newest')).toHaveLength(2);
    expect(await all('verified=true')).toHaveLength(2);
    expect(await all('verified=false')).toHaveLength(5);
    expect(await all('withImages=true')).toHaveLength(0);
    const { body } = await get(`/products/${goods.productId}/reviews?sort=highest&limit=1`);
    const wrong = await get(`/products/${goods.productId}/reviews?sort=lowest&cursor=${textAt(body, 'nextCursor')}`);
    expect(wrong.body).toMatchObject({ code: 'INVALID' });
  });

  it('leaves the texts out where the operator says so, and says that it did', async () => {
    const { productId } = await sell(db());
    await review(store, productId, await regular(store));
    const admin = await store.person('admin');
    const flag = (state: string) =>
      store.call('PUT', '/api/v1/admin/flags/reviews', { token: admin.token, body: { state } });
    expect((await flag('off')).status).toBeLessThan(300);
    const shed = await get(`/products/${productId}/reviews`);
    expect(valueAt(shed.body, 'items')).toEqual([]);
    expect(shed.headers['x-shed']).toBe('reviews');
    await flag('auto');
    expect(valueAt((await get(`/products/${productId}/reviews`)).body, 'items')).toHaveLength(1);
  });
});
