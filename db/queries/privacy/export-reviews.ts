import type { ExportPart } from './parts.ts';

export const REVIEW_PARTS: readonly ExportPart[] = [
  {
    name: 'reviews',
    text: `
      select r.id, r.product_id as "productId", p.title as product, r.stars, r.title, r.body, r.language, r.status,
        r.is_verified as "isVerified", r.spam_points as "spamPoints", r.spam_signals as "spamSignals",
        r.queued_for as "queuedFor", r.note, r.answer, r.created_at as "createdAt", r.updated_at as "updatedAt",
        array(
          select '/api/v1/images/' || i.id || '/large' from review_images i where i.review_id = r.id and i.is_ready
        ) as images
      from reviews r join products p on p.id = r.product_id where r.author_id = $1 order by r.id`,
  },
  {
    name: 'reviewVotes',
    text: `
      select review_id as "reviewId", is_helpful as "isHelpful", at from review_votes where user_id = $1 order by at`,
  },
  {
    name: 'reviewFlags',
    text: 'select review_id as "reviewId", reason, note, at from review_flags where user_id = $1 order by at',
  },
  {
    name: 'reviewStrikes',
    text: 'select product_id as "productId", is_rejection as "isRejection", at from review_strikes where author_id = $1 order by at',
  },
];
