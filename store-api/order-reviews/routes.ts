/** Orders that looked like fraud and wait for a person: which points each has for what, and the decision. */
import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { decideReview } from '../../db/queries/decide-review.ts';
import { listReviews, type OpenReview } from '../../db/queries/list-reviews.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actPrivileged } from '../users/privileged.ts';

const STAFF = onlyFor('admin', 'support');
const tags = ['order reviews'];
const Id = Type.String({ pattern: UUID_V7_PATTERN });

const Review = Type.Object({
  orderId: Type.String(),
  shopperId: Type.String(),
  source: Type.Union([Type.Literal('drop'), Type.Literal('store')]),
  total: Type.Integer({ minimum: 0, description: 'Minor units of the currency.' }),
  currency: Type.String(),
  score: Type.Integer({ description: 'From 41 to 70: above, an order is refused by itself.' }),
  signals: Type.Array(Type.Object({ signal: Type.String(), points: Type.Integer() })),
  openedAt: Type.Integer(),
  holdUntil: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Undecided by then, it is cancelled and its units are for others.',
  }),
});
const Query = Type.Object(
  { cursor: Type.Optional(Id), limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) },
  { additionalProperties: false },
);

export function listReviewsRoute(app: StoreApp, services: StoreServices): void {
  const Page = Type.Object({ items: Type.Array(Review), nextCursor: Type.Union([Type.String(), Type.Null()]) });
  app.get(
    '/admin/order-reviews',
    {
      config: { access: STAFF },
      schema: {
        ...{ summary: 'Orders that wait for a decision, the longest waiting first', tags, querystring: Query },
        response: { 200: Page, 400: Problem },
      },
    },
    async (request) => {
      const { cursor = null, limit } = request.query;
      const act = { action: 'order-reviews.listed', subjectKind: 'order-reviews', subjectId: 'open' };
      const found = await actPrivileged(services, callerOf(request), act, (client) =>
        listReviews(client, { after: cursor, limit: limit + 1 }),
      );
      const items = found.slice(0, limit);
      return {
        items: items.map(shown),
        nextCursor: found.length > limit ? (items.at(-1)?.orderId ?? null) : null,
      };
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
        response: { 204: Type.Null(), 400: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const { decision } = request.body;
      const act = { action: `order-review.${decision}`, subjectKind: 'order', subjectId: id };
      await actPrivileged(services, caller, act, async (client) => {
        const isDecided = await decideReview(client, { orderId: id, decision, by: `${caller.role} ${caller.userId}` });
        if (!isDecided) throw new Refusal('NOT_FOUND', { detail: 'No order with this id waits for a decision.' });
      });
      return reply.code(204).send(null);
    },
  );
}

function shown({ totalMinor, openedAtMs, holdUntilMs, signals, ...review }: OpenReview) {
  return { ...review, total: totalMinor, openedAt: openedAtMs, holdUntil: holdUntilMs, signals: [...signals] };
}
