/** Orders that looked like fraud and wait for a person: which points each has for what, and the decision. */
import Type from 'typebox';
import { decideReview } from '../../db/queries/decide-review.ts';
import { countReviews } from '../../db/queries/fraud/count-reviews.ts';
import { findReview } from '../../db/queries/fraud/find-review.ts';
import { listReviews } from '../../db/queries/list-reviews.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actPrivileged } from '../users/privileged.ts';
import { DecidedReview, Id, Review, shown, shownDecided, Waiting } from './schemas.ts';

const STAFF = onlyFor('admin', 'support');
const tags = ['order reviews'];
const Query = Type.Object(
  { cursor: Type.Optional(Id), limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) },
  { additionalProperties: false },
);

export function listReviewsRoute(app: StoreApp, services: StoreServices): void {
  const Page = Type.Object({
    ...{ items: Type.Array(Review), nextCursor: Type.Union([Type.String(), Type.Null()]) },
    waiting: Waiting,
  });
  app.get(
    '/admin/order-reviews',
    {
      config: { access: STAFF, audit: 'own' },
      schema: {
        ...{ summary: 'Orders that wait for a decision, the longest waiting first', tags, querystring: Query },
        response: { 200: Page, 400: Problem },
      },
    },
    async (request) => {
      const { cursor = null, limit } = request.query;
      const act = { action: 'order-reviews.listed', subjectKind: 'order-reviews', subjectId: 'open' };
      const { found, waiting } = await actPrivileged(services, callerOf(request), act, async (client) => ({
        found: await listReviews(client, { after: cursor, limit: limit + 1 }),
        waiting: await countReviews(client, new Date(services.clock.now())),
      }));
      const items = found.slice(0, limit);
      const { oldestAtMs, ...counts } = waiting;
      return {
        items: items.map(shown),
        nextCursor: found.length > limit ? (items.at(-1)?.orderId ?? null) : null,
        waiting: { ...counts, oldestAt: oldestAtMs },
      };
    },
  );
}

export function getReviewRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/admin/order-reviews/:id',
    {
      config: { access: STAFF, audit: 'own' },
      schema: {
        summary: 'Why an order was taken for suspicious, also one that was refused by itself',
        ...{ tags, params: Type.Object({ id: Id }), response: { 200: DecidedReview, 400: Problem, 404: Problem } },
      },
    },
    async (request) => {
      const { id } = request.params;
      const act = { action: 'order-review.read', subjectKind: 'order', subjectId: id };
      return await actPrivileged(services, callerOf(request), act, async (client) => {
        const review = await findReview(client, id);
        if (review === undefined) throw new Refusal('NOT_FOUND', { detail: 'This order was never suspicious.' });
        return shownDecided(review);
      });
    },
  );
}

export function decideReviewRoute(app: StoreApp, services: StoreServices): void {
  const Body = Type.Object(
    { decision: Type.Union([Type.Literal('approved'), Type.Literal('rejected')]) },
    { additionalProperties: false },
  );
  app.post(
    '/admin/order-reviews/:id/decide',
    {
      config: { access: STAFF },
      schema: {
        summary: 'Lets an order go on to its payment, or ends it',
        description: 'Once. Approved, a shopper of the store has 15 minutes to pay, also in another way.',
        ...{ tags, params: Type.Object({ id: Id }), body: Body },
        response: { 204: Type.Null(), 400: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const { decision } = request.body;
      const act = { action: `order-review.${decision}`, subjectKind: 'order', subjectId: id };
      await actPrivileged(services, caller, act, async (client) => {
        const review = await findReview(client, id);
        if (review?.shopperId === caller.userId) {
          throw new Refusal('FORBIDDEN', { detail: 'It is an order of your own: somebody else has to decide.' });
        }
        const isDecided = await decideReview(client, { orderId: id, decision, by: `${caller.role} ${caller.userId}` });
        if (!isDecided) throw new Refusal('NOT_FOUND', { detail: 'No order with this id waits for a decision.' });
      });
      return reply.code(204).send(null);
    },
  );
}
