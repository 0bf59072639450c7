import sharp from 'sharp';
import { sell } from '../../fixtures/goods.ts';
import { praise } from '../../fixtures/reviewed.ts';
import { valueAt } from '../../fixtures/told.ts';
import { create, type OwnThing, type Stage, type WalkEntries } from './walk.ts';

const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#a40' } })
  .png()
  .toBuffer();

/** A review that the owner wrote. */
async function written(stage: Stage): Promise<{ readonly id: string }> {
  const { productId } = await sell(stage.store.database.pool);
  return { id: await create(stage, 'POST', `/api/v1/products/${productId}/reviews`, praise()) };
}

/** A review of somebody else, of what the owner sells. */
async function received({ store, owner }: Stage): Promise<{ readonly id: string }> {
  const { productId } = await sell(store.database.pool, { merchantId: owner.userId });
  const author = await store.person();
  return { id: await create({ store, owner: author }, 'POST', `/api/v1/products/${productId}/reviews`, praise()) };
}

const own = (body?: unknown): OwnThing => ({ body, make: written });

export const entries: WalkEntries = {
  'POST /api/v1/products/{id}/reviews': { publicName: 'a product' },
  'GET /api/v1/me/reviews': 'self',
  'PUT /api/v1/reviews/{id}': own(praise()),
  'DELETE /api/v1/reviews/{id}': own(),
  'POST /api/v1/reviews/{id}/votes': { publicName: 'a review' },
  'DELETE /api/v1/reviews/{id}/votes': { publicName: 'a review' },
  'POST /api/v1/reviews/{id}/flags': { publicName: 'a review' },
  'PUT /api/v1/reviews/{id}/answer': { body: { text: 'Thank you!' }, role: 'merchant', make: received },
  'DELETE /api/v1/reviews/{id}/answer': { role: 'merchant', make: received },
  'POST /api/v1/reviews/{id}/images': { ...own(picture), headers: { 'content-type': 'image/png' } },
  'DELETE /api/v1/reviews/{id}/images/{imageId}': {
    make: async (stage) => {
      const { id } = await written(stage);
      const answer = await stage.store.call('POST', `/api/v1/reviews/${id}/images`, {
        ...{ token: stage.owner.token, body: picture, headers: { 'content-type': 'image/png' } },
      });
      return { id, imageId: String(valueAt(answer.body, 'id')) };
    },
  },
  'GET /api/v1/admin/reviews': 'staff',
  'POST /api/v1/admin/reviews/{id}/decide': 'staff',
};
