import type { ClientBase } from 'pg';
import { LIMITS } from '../../../contracts/limits.ts';

export const FLAG_REASONS = ['spam', 'offensive', 'private-data', 'off-topic', 'fake'] as const;
export type FlagReason = (typeof FLAG_REASONS)[number];

export interface ReviewFlag {
  readonly reviewId: string;
  readonly userId: string;
  readonly reason: FlagReason;
  readonly note: string;
}

/**
 * One a person: again it is another reason. Once a moderator has decided, the same people do not bring it back. The review
 * is locked by the caller, so that of two that flag at once the second sees the first.
 */
export async function flagReview(client: ClientBase, { reviewId, userId, reason, note }: ReviewFlag): Promise<void> {
  await client.query({
    name: 'flag-review',
    text: `
      insert into review_flags (review_id, user_id, reason, note) values ($1, $2, $3, $4)
      on conflict (review_id, user_id) do update set reason = $3, note = $4, at = now()`,
    values: [reviewId, userId, reason, note],
  });
  await client.query({
    name: 'queue-flagged-review',
    text: `
      update reviews set queued_at = now(), queued_for = 'flags'
      where id = $1::uuid and queued_at is null and status = 'PUBLISHED'
        and (select count(*) from review_flags f where f.review_id = $1::uuid and f.settled_at is null) >= $2`,
    values: [reviewId, LIMITS.reviewFlags],
  });
}
