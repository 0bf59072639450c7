import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { foldChanges } from '../../queue-workers/ratings/ratings.ts';
import { buy, regular, review, sell } from '../fixtures/reviewed.ts';
import { useStore } from '../fixtures/store.ts';
import { valueAt } from '../fixtures/told.ts';

const store = useStore();
const db = () => store.database.pool;
const get = (path: string) => store.call('GET', `/api/v1${path}`);

describe('stars', () => {
  it('are on the page of the product, in its list and at its seller as soon as they are added up', async () => {
    const goods = await sell(db());
    const buyer = await regular(store);
    await buy(store, goods, buyer.userId);
    await review(store, goods.productId, buyer, { stars: 5 });
    await review(store, goods.productId, await regular(store), { stars: 2 });
    expect((await get(`/products/${goods.productId}`)).body).toMatchObject({ rating: null, reviews: 0 });
    const clock = { now: () => Date.now() };
    const told = { database: db(), clock, nextId: createIdSource(clock) };
    await foldChanges('ratings', told);
    // Stores hear of it through Kafka; here a change of the product makes this one look anew.
    const issued = await store.tokens.issue({ userId: goods.merchantId, kind: 'user', role: 'merchant' });
    const changed = await store.call('PUT', `/api/v1/products/${goods.productId}/translations/de`, {
      ...{ token: issued.accessToken, body: { title: 'Turnschuh', description: '' }, headers: { 'if-match': '*' } },
    });
    expect(changed.status, changed.text).toBeLessThan(300);
    expect(valueAt((await get(`/products/${goods.productId}/reviews`)).body, 'summary')).toEqual({
      ...{ count: 2, average: 3.5, distribution: [0, 1, 0, 0, 1], verified: 1 },
    });
    const seller = await get(`/merchants/${goods.merchantId}/rating`);
    expect(valueAt(seller.body, 'rating')).toMatchObject({ count: 1, average: 5, distribution: [0, 0, 0, 0, 1] });
    expect((await get(`/merchants/${buyer.userId}/rating`)).status).toBe(404);
    const page = await get(`/products/${goods.productId}?currency=USD`);
    expect(page.body).toMatchObject({ rating: 3.5, reviews: 2 });
  });
});
