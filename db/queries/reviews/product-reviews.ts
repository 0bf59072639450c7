/** The published reviews of a product, page by page. */
import type { Pool } from 'pg';
import { REVIEW_COLUMNS, REVIEW_TABLES, type StoredReview } from './review-rows.ts';

/** Of each the order, and what it compares beside the id; none compares it alone. */
const SORTS = {
  newest: { order: 'r.id desc', key: 'null::integer', after: 'r.id < $7::uuid and $6::integer is null' },
  helpful: {
    order: 'r.help_balance desc, r.id desc',
    key: 'r.help_balance',
    after: '(r.help_balance, r.id) < ($6::integer, $7::uuid)',
  },
  highest: { order: 'r.stars desc, r.id desc', key: 'r.stars', after: '(r.stars, r.id) < ($6::integer, $7::uuid)' },
  lowest: { order: 'r.stars, r.id', key: 'r.stars', after: '(r.stars, r.id) > ($6::integer, $7::uuid)' },
} as const;

export type ReviewSort = keyof typeof SORTS;
export const REVIEW_SORTS = ['newest', 'helpful', 'highest', 'lowest'] as const satisfies readonly ReviewSort[];

export interface ReviewPlace {
  /** What the list is sorted by, where it is not the id alone. */
  readonly key: number | null;
  readonly id: string;
}

export interface ReviewFilter {
  readonly productId: string;
  readonly sort: ReviewSort;
  /** Undefined takes any. */
  readonly stars?: number | undefined;
  readonly isVerified?: boolean | undefined;
  readonly hasImages?: boolean | undefined;
  readonly after: ReviewPlace | undefined;
  readonly limit: number;
}

export type ListedReview = StoredReview & { readonly key: number | null };

export async function listProductReviews(database: Pool, filter: ReviewFilter): Promise<readonly ListedReview[]> {
  const { productId, sort, stars = null, isVerified = null, hasImages = null, after, limit } = filter;
  const { order, key, after: comesAfter } = SORTS[sort];
  const text = `
    select ${REVIEW_COLUMNS}, ${key} as key from ${REVIEW_TABLES}
    where r.product_id = $1::uuid and r.status = 'PUBLISHED' and ($2::smallint is null or r.stars = $2)
      and ($3::boolean is null or r.is_verified = $3) and ($4::boolean is null or (r.image_count > 0) = $4)
      ${after === undefined ? '' : `and ${comesAfter}`}
    order by ${order} limit $5`;
  const values = [
    productId,
    stars,
    isVerified,
    hasImages,
    limit,
    ...(after === undefined ? [] : [after.key, after.id]),
  ];
  // Two statements, so that a page far down begins where it begins, and does not walk there.
  const name = `list-product-reviews-${sort}${after === undefined ? '' : '-after'}`;
  return (await database.query<ListedReview>({ name, text, values })).rows;
}
