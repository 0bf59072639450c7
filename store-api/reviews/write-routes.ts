import Type from 'typebox';
import { findReview, lockReview } from '../../db/queries/reviews/find-review.ts';
import { changeReview, insertReview, removeReview } from '../../db/queries/reviews/write-review.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { judgeReview } from './judge.ts';
import { ById, OfProduct, OwnReviewAnswer, ReviewBody, shownOwn, tags } from './schemas.ts';

const config = { access: SIGNED_IN, idempotency: 'own' } as const;

export function createReviewRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/products/:id/reviews',
    {
      config,
      schema: {
        summary: 'Reviews a product: once for each account',
        description:
          'What looks like spam waits for a moderator (status PENDING); all else is published at once. Who has received an order with this product is shown as a verified buyer.',
        ...{ tags, params: OfProduct, body: ReviewBody },
        response: { 201: OwnReviewAnswer, 400: Problem, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const { userId: authorId } = callerOf(request);
      const product = await services.catalog.products.get(request.params.id);
      if (product === undefined || product.status !== 'active') throw new Refusal('NOT_FOUND');
      if (product.merchantId === authorId) throw new Refusal('OWN_PRODUCT');
      const productId = product.id;
      await idempotently(services, request, reply, async (client) => {
        const id = services.nextId();
        const judged = await judgeReview(client, { authorId, productId, exceptId: null, form: request.body });
        const isFirst = await insertReview(client, { ...judged, id, productId, authorId });
        if (!isFirst) throw new Refusal('REVIEWED_ALREADY', { detail: await nameOf(client, productId, authorId) });
        return { status: 201, body: await written(client, id), headers: { location: `/api/v1/reviews/${id}` } };
      });
    },
  );
}

export function changeReviewRoutes(app: StoreApp, services: StoreServices): void {
  app.put(
    '/reviews/:id',
    {
      config,
      schema: {
        summary: 'Writes one’s review anew',
        description: 'One that was rejected, or waits, goes to a moderator again.',
        ...{ tags, params: ById, body: ReviewBody },
        response: { 200: OwnReviewAnswer, 400: Problem, 404: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const { userId: authorId } = callerOf(request);
        const { id } = request.params;
        const { productId } = await lockOwn(client, id, authorId);
        await changeReview(
          client,
          id,
          await judgeReview(client, { authorId, productId, exceptId: id, form: request.body }),
        );
        return { status: 200, body: await written(client, id) };
      }),
  );
  app.delete(
    '/reviews/:id',
    {
      config,
      schema: {
        summary: 'Takes one’s review back, with its pictures and votes',
        ...{ tags, params: ById, response: { 204: Type.Null(), 404: Problem } },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        await lockOwn(client, request.params.id, callerOf(request).userId);
        await removeReview(client, request.params.id);
        return { status: 204, body: null };
      }),
  );
}

/** Somebody else's is answered like one that is not there. */
export async function lockOwn(client: DatabaseClient, id: string, authorId: string) {
  const review = await lockReview(client, id);
  if (review === undefined || review.authorId !== authorId) throw new Refusal('NOT_FOUND');
  return review;
}

async function written(client: DatabaseClient, id: string) {
  const review = await findReview(client, id);
  if (review === undefined) throw new Refusal('INTERNAL');
  return shownOwn(review);
}

async function nameOf(client: DatabaseClient, productId: string, authorId: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'select id from reviews where product_id = $1::uuid and author_id = $2::uuid',
    [productId, authorId],
  );
  return `PUT /api/v1/reviews/${rows[0]?.id ?? ''}`;
}
