import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { findReview, lockReview } from '../../db/queries/reviews/find-review.ts';
import { answerReview } from '../../db/queries/reviews/write-review.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById, exact, Lines, ReviewAnswer, shownReview, tags } from './schemas.ts';

const config = { access: onlyFor('merchant'), idempotency: 'own' } as const;
const Body = Type.Object({ text: Lines(LIMITS.reviewAnswerChars) }, exact);

/** Who sells a product has the last word below each of its reviews: one answer, which can be changed. */
export function answerRoutes(app: StoreApp, services: StoreServices): void {
  app.put(
    '/reviews/:id/answer',
    {
      config,
      schema: {
        summary: 'Answers a review of what one sells, or answers anew',
        ...{ tags, params: ById, body: Body, response: { 200: ReviewAnswer, 400: Problem, 404: Problem } },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const { userId } = callerOf(request);
        const { id } = request.params;
        await lockOfSeller(client, id, userId);
        await answerReview(client, id, { text: request.body.text, by: userId });
        const answered = await findReview(client, id);
        if (answered === undefined) throw new Refusal('INTERNAL');
        return { status: 200, body: shownReview(answered) };
      }),
  );
  app.delete(
    '/reviews/:id/answer',
    {
      config,
      schema: {
        summary: 'Takes the answer to a review back',
        ...{ tags, params: ById, response: { 204: Type.Null(), 404: Problem } },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        await lockOfSeller(client, request.params.id, callerOf(request).userId);
        await answerReview(client, request.params.id, null);
        return { status: 204, body: null };
      }),
  );
}

async function lockOfSeller(client: DatabaseClient, id: string, merchantId: string): Promise<void> {
  const review = await lockReview(client, id);
  const isTheirs = review?.merchantId === merchantId && review.status === 'PUBLISHED';
  if (!isTheirs) throw new Refusal('NOT_FOUND');
}
