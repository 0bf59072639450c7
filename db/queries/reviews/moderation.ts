import type { ClientBase } from 'pg';
import { epochMs } from '../../product-rows.ts';
import { REVIEW_COLUMNS, REVIEW_TABLES, type StoredReview } from './review-rows.ts';

export const QUEUE_REASONS = ['spam', 'flags'] as const;
export type QueueReason = (typeof QUEUE_REASONS)[number];

export interface QueuedReview extends StoredReview {
  readonly queuedAt: number;
  readonly queuedFor: QueueReason;
  readonly points: number;
  readonly signals: readonly { readonly signal: string; readonly points: number }[];
  readonly flags: readonly { readonly reason: string; readonly note: string; readonly at: number }[];
}

export interface QueueFilter {
  readonly reason: QueueReason | null;
  readonly after: { readonly queuedAtMicros: string; readonly id: string } | null;
  readonly limit: number;
}

/** Of one review a moderator is shown so many flags. */
const FLAGS_SHOWN = 20;

/** The longest waiting first. */
export async function listQueuedReviews(
  client: ClientBase,
  { reason, after, limit }: QueueFilter,
): Promise<readonly (QueuedReview & { readonly queuedAtMicros: string })[]> {
  const { rows } = await client.query<QueuedReview & { queuedAtMicros: string }>({
    name: 'list-queued-reviews',
    text: `
      select ${REVIEW_COLUMNS}, ${epochMs('r.queued_at')} as "queuedAt", r.queued_for as "queuedFor",
        (extract(epoch from r.queued_at) * 1000000)::bigint::text as "queuedAtMicros",
        r.spam_points as points, r.spam_signals as signals,
        (
          select coalesce(json_agg(json_build_object('reason', f.reason, 'note', f.note, 'at', f.at_ms) order by f.at_ms), '[]')
          from (
            select reason, note, ${epochMs('at')} as at_ms from review_flags
            where review_id = r.id and settled_at is null order by at limit ${FLAGS_SHOWN}
          ) f
        ) as flags
      from ${REVIEW_TABLES}
      where r.queued_at is not null and ($1::review_queue_reason is null or r.queued_for = $1)
        and ($3::uuid is null
          or (r.queued_at, r.id) > (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
      order by r.queued_at, r.id limit $4`,
    values: [reason, after?.queuedAtMicros ?? null, after?.id ?? null, limit],
  });
  return rows;
}

export interface ReviewDecision {
  readonly id: string;
  readonly decision: 'publish' | 'reject';
  readonly note: string;
  readonly decidedBy: string;
  /** Of the strike, where it is rejected. */
  readonly strikeId: string;
}

/** Ends the flags there are: others have to flag it before it waits again. */
export async function decideReview(client: ClientBase, given: ReviewDecision): Promise<void> {
  const { id, decision, note, decidedBy, strikeId } = given;
  await client.query({
    name: 'decide-product-review',
    text: `
      update reviews set status = case when $2 then 'PUBLISHED' else 'REJECTED' end::review_status,
        queued_at = null, queued_for = null, note = $3, decided_at = now(), decided_by = $4, version = version + 1
      where id = $1::uuid`,
    values: [id, decision === 'publish', note, decidedBy],
  });
  await client.query({
    name: 'settle-review-flags',
    text: 'update review_flags set settled_at = now() where review_id = $1::uuid and settled_at is null',
    values: [id],
  });
  if (decision === 'publish') return;
  await client.query({
    name: 'strike-author',
    text: 'insert into review_strikes (id, author_id, product_id) select $1, author_id, product_id from reviews where id = $2::uuid',
    values: [strikeId, id],
  });
}
