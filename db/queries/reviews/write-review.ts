import type { ClientBase } from 'pg';
import type { ReviewStatus } from './review-rows.ts';

export interface ReviewTexts {
  readonly stars: number;
  readonly title: string;
  readonly body: string;
  readonly language: string;
}

export interface JudgedReview extends ReviewTexts {
  readonly isVerified: boolean;
  readonly textHash: Buffer;
  readonly points: number;
  readonly signals: readonly { readonly signal: string; readonly points: number }[];
  readonly isHeld: boolean;
}

const valuesOf = (id: string, review: JudgedReview): unknown[] => [
  ...[id, review.stars, review.title, review.body, review.language, review.isVerified, review.textHash],
  ...[review.points, JSON.stringify(review.signals), review.isHeld],
];

/** False where this author has reviewed this product: of several at once one is written. */
export async function insertReview(
  client: ClientBase,
  made: JudgedReview & { readonly id: string; readonly productId: string; readonly authorId: string },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'insert-review',
    text: `
      insert into reviews (id, stars, title, body, language, is_verified, text_hash, spam_points, spam_signals, status,
        queued_at, queued_for, product_id, author_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $10 then 'PENDING' else 'PUBLISHED' end::review_status,
        case when $10 then now() end, case when $10 then 'spam' end::review_queue_reason, $11, $12)
      on conflict (product_id, author_id) do nothing`,
    values: [...valuesOf(made.id, made), made.productId, made.authorId],
  });
  return rowCount === 1;
}

/**
 * Writes it anew, as judged now. What was rejected, waits or was flagged goes to a moderator whatever its points, and is
 * not shown until then: nobody gets past one by changing a word, or by changing one again and again.
 */
export async function changeReview(client: ClientBase, id: string, review: JudgedReview): Promise<ReviewStatus> {
  const { rows } = await client.query<{ status: ReviewStatus }>({
    name: 'change-review',
    text: `
      update reviews set stars = $2, title = $3, body = $4, language = $5, is_verified = $6, text_hash = $7,
        spam_points = $8, spam_signals = $9,
        status = case when $10 or queued_at is not null or status <> 'PUBLISHED' then 'PENDING' else 'PUBLISHED' end::review_status,
        queued_at = case when $10 or queued_at is not null or status <> 'PUBLISHED' then coalesce(queued_at, now()) else queued_at end,
        queued_for = case when $10 or queued_at is not null or status <> 'PUBLISHED' then coalesce(queued_for, 'spam') else queued_for end,
        version = version + 1, updated_at = now()
      where id = $1 returning status`,
    values: valuesOf(id, review),
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`review ${id} vanished while it was locked`);
  return row.status;
}

/**
 * With its votes, flags and pictures; what the object store has of them is removed later. That it waited is remembered: the
 * next one of its author about this product waits as well.
 */
export async function removeReview(client: ClientBase, id: string): Promise<void> {
  await client.query({
    name: 'remove-review',
    text: `
      with removed as (
        delete from reviews where id = $1::uuid returning author_id, product_id, queued_at
      )
      insert into review_strikes (id, author_id, product_id, is_rejection)
      select uuidv7(), author_id, product_id, false from removed r
      where queued_at is not null and not exists (
        select from review_strikes s where s.author_id = r.author_id and s.product_id = r.product_id
      )`,
    values: [id],
  });
}

export async function answerReview(
  client: ClientBase,
  id: string,
  answer: { readonly text: string; readonly by: string } | null,
): Promise<void> {
  await client.query({
    name: 'answer-review',
    text: `
      update reviews set answer = $2::text, answered_by = $3::uuid,
        answered_at = case when $2::text is not null then now() end, version = version + 1
      where id = $1::uuid`,
    values: [id, answer?.text ?? null, answer?.by ?? null],
  });
}
