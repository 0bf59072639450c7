/** Reviews that wait for a moderator: what speaks against each, and the decision. */
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { type LockedReview, lockReview } from '../../db/queries/reviews/find-review.ts';
import {
  decideReview,
  listQueuedReviews,
  QUEUE_REASONS,
  type QueuedReview,
  type QueueReason,
} from '../../db/queries/reviews/moderation.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actPrivileged } from '../users/privileged.ts';
import { decodeQueuePlace, encodeQueuePlace } from './queue-cursor.ts';
import { ById, exact, Note, nullable, reviewFields, shownReview, tags } from './schemas.ts';

const STAFF = onlyFor('admin', 'support');
const Reason = Type.Unsafe<QueueReason>(Type.Union(QUEUE_REASONS.map((reason) => Type.Literal(reason))));

const Queued = Type.Object({
  ...reviewFields,
  authorId: Type.String(),
  queuedAt: Type.Integer(),
  queuedFor: { ...Reason, description: 'spam: its points, or a change of what a moderator had seen. flags: people.' },
  points: Type.Integer({ description: `Of the rules for spam; from ${LIMITS.reviewSpamPoints} on a review waits.` }),
  signals: Type.Array(Type.Object({ signal: Type.String(), points: Type.Integer() })),
  flags: Type.Array(Type.Object({ reason: Type.String(), note: Type.String(), at: Type.Integer() })),
});
const Query = Type.Object(
  {
    reason: Type.Optional(Reason),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Integer({ minimum: 1, maximum: LIMITS.reviewsPerPage, default: 20 }),
  },
  exact,
);

export function queuedReviewsRoute(app: StoreApp, services: StoreServices): void {
  const Page = Type.Object({ items: Type.Array(Queued), nextCursor: nullable(Type.String()) });
  app.get(
    '/admin/reviews',
    {
      config: { access: STAFF, audit: 'own' },
      schema: {
        summary: 'Reviews that wait for a moderator, the longest waiting first',
        ...{ tags, querystring: Query, response: { 200: Page, 400: Problem } },
      },
    },
    async (request) => {
      const { reason = null, cursor, limit } = request.query;
      const after = cursor === undefined ? null : decodeQueuePlace(cursor);
      if (after === undefined) throw new Refusal('INVALID', { detail: 'cursor is none of this list.' });
      const act = { action: 'reviews.listed', subjectKind: 'reviews', subjectId: 'queued' };
      const found = await actPrivileged(services, callerOf(request), act, (client) =>
        listQueuedReviews(client, { reason, after, limit: limit + 1 }),
      );
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return { items: items.map(shown), nextCursor: last === undefined ? null : encodeQueuePlace(last) };
    },
  );
}

function shown(review: QueuedReview) {
  const { authorId, queuedAt, queuedFor, points, signals, flags } = review;
  return { ...shownReview(review), authorId, queuedAt, queuedFor, points, signals: [...signals], flags: [...flags] };
}

const Body = Type.Object(
  {
    decision: Type.Union([Type.Literal('publish'), Type.Literal('reject')]),
    version: Type.Integer({
      minimum: 1,
      description: 'Of what was read: nobody decides about words that they have not seen.',
    }),
    note: Note(),
  },
  exact,
);
type Decision = Pick<Type.Static<typeof Body>, 'decision' | 'note'>;

export function decideReviewRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/admin/reviews/:id/decide',
    {
      config: { access: STAFF },
      schema: {
        summary: 'Publishes a review or rejects it; its author is told',
        description:
          'Also one that does not wait: a published one can be rejected, a rejected one published. The note says why, for the author to read.',
        ...{
          tags,
          params: ById,
          body: Body,
          response: { 204: Type.Null(), 400: Problem, 404: Problem, 409: Problem, 412: Problem },
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const { decision, note } = request.body;
      if (decision === 'reject' && note === '') {
        throw new Refusal('INVALID', { detail: 'note: say why, for its author to read.' });
      }
      const act = { action: `review.${decision}`, subjectKind: 'review', subjectId: id };
      await actPrivileged(services, caller, act, (client) =>
        decide(client, services, { id, by: caller.userId }, request.body),
      );
      return reply.code(204).send(null);
    },
  );
}

async function decide(
  client: DatabaseClient,
  services: StoreServices,
  { id, by }: { readonly id: string; readonly by: string },
  { decision, note, version }: Type.Static<typeof Body>,
): Promise<void> {
  const review = await lockReview(client, id);
  if (review === undefined) throw new Refusal('NOT_FOUND');
  if (review.authorId === by) throw new Refusal('OWN_REVIEW', { detail: 'Somebody else has to decide about it.' });
  if (review.version !== version) throw new Refusal('VERSION_STALE');
  const to = decision === 'publish' ? 'PUBLISHED' : 'REJECTED';
  if (review.status === to && !review.isQueued) {
    throw new Refusal('STEP_REFUSED', { detail: `This review is ${to} already.` });
  }
  const told = { decision, note: decision === 'reject' ? note : '' };
  await decideReview(client, { id, ...told, decidedBy: by, strikeId: services.nextId() });
  // That flags came to nothing changes nothing for its author.
  if (review.status !== to) await tellAuthor(client, services, review, told);
}

async function tellAuthor(
  client: DatabaseClient,
  { nextId, clock }: StoreServices,
  { authorId: userId, productTitle: title }: LockedReview,
  told: Decision,
): Promise<void> {
  const values = { title, ...told };
  const text = noticeEvent({ template: 'review-decided', userId, eventId: nextId(), at: clock.now(), values });
  await insertOutbox(client, [{ topic: 'notification.email', key: userId, text }]);
}
