/** A review as it is stored: what every reader of one needs. */
import { epochMs } from '../../product-rows.ts';

export type ReviewStatus = 'PENDING' | 'PUBLISHED' | 'REJECTED';

export interface ReviewImage {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface StoredReview {
  readonly id: string;
  readonly productId: string;
  readonly authorId: string;
  /** In full: commerce/reviews/names.ts says what of it is shown. */
  readonly authorName: string;
  readonly stars: number;
  readonly title: string;
  readonly body: string;
  readonly language: string;
  readonly status: ReviewStatus;
  readonly isVerified: boolean;
  readonly helpful: number;
  readonly unhelpful: number;
  /** Why it was rejected. */
  readonly note: string;
  readonly answer: string | null;
  readonly answeredAt: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly images: readonly ReviewImage[];
}

/** Of `reviews r join users author`. */
export const REVIEW_COLUMNS = `
  r.id, r.product_id as "productId", r.author_id as "authorId", author.name as "authorName", r.stars, r.title, r.body,
  r.language, r.status, r.is_verified as "isVerified", r.helpful, r.unhelpful, r.note, r.answer,
  ${epochMs('r.answered_at')} as "answeredAt", r.version, ${epochMs('r.created_at')} as "createdAt",
  ${epochMs('r.updated_at')} as "updatedAt",
  case when r.image_count = 0 then '[]' else (
    select coalesce(json_agg(json_build_object('id', i.id, 'width', i.width, 'height', i.height) order by i.id), '[]')
    from review_images i where i.review_id = r.id and i.is_ready
  ) end as images`;
export const REVIEW_TABLES = 'reviews r join users author on author.id = r.author_id';
