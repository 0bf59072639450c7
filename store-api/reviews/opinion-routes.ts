/** What others think of a review: votes, and flags for a moderator to look. */
import Type from 'typebox';
import { findReview, lockReview } from '../../db/queries/reviews/find-review.ts';
import { FLAG_REASONS, type FlagReason, flagReview } from '../../db/queries/reviews/flag-review.ts';
import { takeVoteBack, vote } from '../../db/queries/reviews/votes.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById, exact, Note, tags } from './schemas.ts';

const config = { access: SIGNED_IN, idempotency: 'own' } as const;
const Vote = Type.Object({ isHelpful: Type.Boolean() }, exact);
const Flag = Type.Object(
  { reason: Type.Unsafe<FlagReason>(Type.Union(FLAG_REASONS.map((reason) => Type.Literal(reason)))), note: Note() },
  exact,
);
const response = { 204: Type.Null(), 400: Problem, 404: Problem, 409: Problem };

export function voteRoutes(app: StoreApp, services: StoreServices): void {
  app.post(
    '/reviews/:id/votes',
    {
      config,
      schema: {
        summary: 'Says whether a review helped; said again, it is changed',
        ...{ tags, params: ById, body: Vote, response },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const { userId } = callerOf(request);
        const { id } = request.params;
        // Not locked: a thousand who vote at once do not wait for one another.
        refuseOwn(await findReview(client, id), userId);
        await vote(client, id, userId, request.body.isHelpful);
        return { status: 204, body: null };
      }),
  );
  app.delete(
    '/reviews/:id/votes',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Takes one’s vote back',
        ...{ tags, params: ById, response: { 204: Type.Null(), 404: Problem } },
      },
    },
    async (request, reply) => {
      const isGone = await takeVoteBack(services.database, request.params.id, callerOf(request).userId);
      if (!isGone) throw new Refusal('NOT_FOUND');
      return reply.code(204).send(null);
    },
  );
}

export function flagRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/reviews/:id/flags',
    {
      config,
      schema: {
        summary: 'Tells moderators that a review should not be there',
        description: 'Once for each account. When enough people have, a moderator looks at it; it is shown meanwhile.',
        ...{ tags, params: ById, body: Flag, response },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const { userId } = callerOf(request);
        const { id: reviewId } = request.params;
        refuseOwn(await lockReview(client, reviewId), userId);
        await flagReview(client, { reviewId, userId, ...request.body });
        return { status: 204, body: null };
      }),
  );
}

function refuseOwn(
  review: { readonly authorId: string; readonly status: string } | undefined,
  userId: string,
): asserts review {
  if (review?.authorId === userId) throw new Refusal('OWN_REVIEW');
  if (review === undefined || review.status !== 'PUBLISHED') throw new Refusal('NOT_FOUND');
}
