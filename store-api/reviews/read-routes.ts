import Type from 'typebox';
import { summaryOf } from '../../commerce/reviews/ratings.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { findReview, listOwnReviews } from '../../db/queries/reviews/find-review.ts';
import {
  type ListedReview,
  listProductReviews,
  REVIEW_SORTS,
  type ReviewFilter,
  type ReviewSort,
} from '../../db/queries/reviews/product-reviews.ts';
import { findProductRating } from '../../db/queries/reviews/ratings.ts';
import { PUBLIC_LIST, PUBLIC_THING, tagAnswer } from '../caching/etag.ts';
import { SHED } from '../flags/flags.ts';
import { callerOf, EVERYBODY, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { decodePlace, encodePlace } from './cursor.ts';
import {
  ById,
  exact,
  Id,
  nullable,
  OfProduct,
  OwnReviewAnswer,
  ReviewAnswer,
  shownOwn,
  shownReview,
  tags,
} from './schemas.ts';
import { maySeeUnpublished, viewerOf } from './viewer.ts';

const limit = Type.Integer({ minimum: 1, maximum: LIMITS.reviewsPerPage, default: 10 });
const Query = Type.Object(
  {
    sort: Type.Unsafe<ReviewSort>(
      Type.Union(
        REVIEW_SORTS.map((sort) => Type.Literal(sort)),
        { default: 'helpful' },
      ),
    ),
    stars: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    verified: Type.Optional(Type.Boolean()),
    withImages: Type.Optional(Type.Boolean()),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
    limit,
  },
  exact,
);
export const Summary = Type.Object({
  count: Type.Integer(),
  average: nullable(Type.Number({ description: 'With one decimal; null where nobody has rated.' })),
  distribution: Type.Array(Type.Integer(), { description: 'How many gave one star, two, …, five.' }),
  verified: Type.Integer({ description: 'How many are of who bought it.' }),
});
const Page = Type.Object({ items: Type.Array(ReviewAnswer), nextCursor: nullable(Type.String()), summary: Summary });

export function listReviewsRoute(app: StoreApp, services: StoreServices): void {
  const { catalog, flags } = services;
  app.get(
    '/products/:id/reviews',
    {
      config: { access: EVERYBODY, priority: 'low' },
      onSend: tagAnswer,
      schema: {
        summary: 'What people say of a product, and its stars',
        description:
          'The stars are kept by events: a new review counts within a second or two. Under pressure the texts may be left out (x-shed: reviews).',
        ...{ tags, params: OfProduct, querystring: Query, response: { 200: Page, 400: Problem, 404: Problem } },
      },
    },
    async ({ params, query }, reply) => {
      const product = await catalog.products.get(params.id);
      if (product === undefined || product.status !== 'active') throw new Refusal('NOT_FOUND');
      reply.header('cache-control', PUBLIC_LIST);
      const asked = filterOf(product.id, query);
      const isShed = flags.sheds('reviews');
      if (isShed) reply.header(SHED, 'reviews');
      const { reads } = catalog;
      const [rating, found] = await Promise.all([
        reads.read((database) => findProductRating(database, product.id)),
        isShed ? [] : reads.read((database) => listProductReviews(database, asked)),
      ]);
      return { ...pageOf(found, query), summary: shownSummary(rating) };
    },
  );
}

function filterOf(productId: string, query: Type.Static<typeof Query>): ReviewFilter {
  const { sort, stars, verified: isVerified, withImages: hasImages, cursor, limit } = query;
  const after = cursor === undefined ? undefined : decodePlace(sort, cursor);
  if (cursor !== undefined && after === undefined) {
    throw new Refusal('INVALID', { detail: 'cursor is none of this list.' });
  }
  // One more tells whether there is another page.
  return { productId, sort, stars, isVerified, hasImages, after, limit: limit + 1 };
}

function pageOf(found: readonly ListedReview[], { sort, limit }: Type.Static<typeof Query>) {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items: items.map(shownReview), nextCursor: last === undefined ? null : encodePlace(sort, last) };
}

export function shownSummary({
  distribution,
  verified,
}: {
  readonly distribution: readonly [number, number, number, number, number];
  readonly verified: number;
}) {
  const { count, average } = summaryOf(distribution);
  return { count, average, distribution: [...distribution], verified };
}

export function getReviewRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/reviews/:id',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'One review; what is not published only for its author and moderators',
        ...{ tags, params: ById, response: { 200: ReviewAnswer, 404: Problem } },
      },
    },
    async (request, reply) => {
      const review = await findReview(services.database, request.params.id);
      if (review === undefined) throw new Refusal('NOT_FOUND');
      reply.header('cache-control', review.status === 'PUBLISHED' ? PUBLIC_THING : 'private, no-store');
      if (review.status === 'PUBLISHED') return shownReview(review);
      const viewer = await viewerOf(services, request);
      if (!maySeeUnpublished(viewer, review.authorId)) throw new Refusal('NOT_FOUND');
      return shownReview(review);
    },
  );
}

export function ownReviewsRoute(app: StoreApp, { database }: StoreServices): void {
  const querystring = Type.Object({ cursor: Type.Optional(Id()), limit }, exact);
  const OwnPage = Type.Object({ items: Type.Array(OwnReviewAnswer), nextCursor: nullable(Type.String()) });
  app.get(
    '/me/reviews',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'One’s own reviews in every state, the newest first',
        ...{ tags, querystring, response: { 200: OwnPage, 400: Problem } },
      },
    },
    async (request) => {
      const { cursor: before = null, limit: most } = request.query;
      const { userId: authorId } = callerOf(request);
      const found = await listOwnReviews(database, { authorId, before, limit: most + 1 });
      const items = found.slice(0, most);
      return { items: items.map(shownOwn), nextCursor: found.length > most ? (items.at(-1)?.id ?? null) : null };
    },
  );
}
