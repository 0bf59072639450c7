import type { ClientBase, Pool } from 'pg';
import { REVIEW_COLUMNS, REVIEW_TABLES, type ReviewStatus, type StoredReview } from './review-rows.ts';

export async function findReview(database: Pool | ClientBase, id: string): Promise<StoredReview | undefined> {
  const text = `select ${REVIEW_COLUMNS} from ${REVIEW_TABLES} where r.id = $1::uuid`;
  return (await database.query<StoredReview>({ name: 'find-product-review', text, values: [id] })).rows[0];
}

export interface OwnReviewsFilter {
  readonly authorId: string;
  /** Exclusive. */
  readonly before: string | null;
  readonly limit: number;
}

/** In every state, the newest first. */
export async function listOwnReviews(
  database: Pool,
  { authorId, before, limit }: OwnReviewsFilter,
): Promise<readonly StoredReview[]> {
  const text = `
    select ${REVIEW_COLUMNS} from ${REVIEW_TABLES}
    where r.author_id = $1::uuid and ($2::uuid is null or r.id < $2) order by r.id desc limit $3`;
  return (await database.query<StoredReview>({ name: 'list-own-reviews', text, values: [authorId, before, limit] }))
    .rows;
}

export interface LockedReview {
  readonly id: string;
  readonly productId: string;
  readonly authorId: string;
  readonly merchantId: string;
  readonly productTitle: string;
  readonly stars: number;
  readonly status: ReviewStatus;
  readonly isQueued: boolean;
  readonly version: number;
}

/** Kept from others until the transaction is over. */
export async function lockReview(client: ClientBase, id: string): Promise<LockedReview | undefined> {
  const text = `
    select r.id, r.product_id as "productId", r.author_id as "authorId", p.merchant_id as "merchantId",
      p.title as "productTitle", r.stars, r.status, r.queued_at is not null as "isQueued", r.version
    from reviews r join products p on p.id = r.product_id where r.id = $1::uuid for no key update of r`;
  return (await client.query<LockedReview>({ name: 'lock-product-review', text, values: [id] })).rows[0];
}
