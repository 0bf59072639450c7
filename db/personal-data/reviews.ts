import type { TablesData } from './kinds.ts';

/** What people say of products, and what is added up from it. */
export const REVIEWS: TablesData = {
  reviews: {
    none: `id product_id text_hash image_count helpful unhelpful help_balance queued_at decided_at answer answered_at version
      created_at updated_at`,
    person: 'author_id decided_by answered_by',
    personal: 'stars title body language status is_verified spam_points spam_signals queued_for note',
    ...{ exported: 'reviews', erased: 'reviews' },
  },
  review_strikes: {
    none: 'id',
    person: 'author_id',
    personal: 'at product_id is_rejection',
    ...{ exported: 'reviewStrikes', erased: 'reviewStrikes' },
  },
  review_votes: {
    none: 'review_id at',
    person: 'user_id',
    personal: 'is_helpful',
    ...{ exported: 'reviewVotes', erased: 'reviewVotes' },
  },
  review_flags: {
    none: 'review_id at settled_at',
    person: 'user_id',
    personal: 'reason note',
    ...{ exported: 'reviewFlags', erased: 'reviewFlags' },
  },
  // The pictures themselves are in the object store, and in the export as addresses with their review.
  review_images: { none: 'id review_id digest is_ready width height bytes created_at' },
  object_removals: { none: 'key due_at tries' },
  rating_changes: { none: 'id product_id stars delta is_verified' },
  vote_changes: { none: 'id review_id helpful unhelpful' },
  sold_changes: { none: 'id order_id status return_id' },
  product_ratings: { none: 'product_id stars_1 stars_2 stars_3 stars_4 stars_5 verified updated_at' },
  merchant_ratings: {
    none: 'stars_1 stars_2 stars_3 stars_4 stars_5 updated_at',
    person: 'merchant_id',
    ...{ notExported: 'Public, of a shop.', notErased: 'Public, of a shop.' },
  },
};
