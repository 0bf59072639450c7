import type { ClientBase, Pool } from 'pg';
import { LIFETIMES } from '../../../contracts/limits.ts';

export interface FoundFacts {
  readonly accountAgeMs: number;
  readonly isVerified: boolean;
  readonly reviewsOfLate: number;
  readonly sameTexts: number;
  readonly strikes: number;
  /** Of a new review: one of theirs about this product was rejected, or waited when they took it back. */
  readonly isSecondTry: boolean;
}

/** Counted no further: more says no more. */
const MOST = 20;

/** What is known of who writes about this product, beside what they write. */
export async function findReviewFacts(
  database: Pool | ClientBase,
  asked: {
    readonly authorId: string;
    readonly productId: string;
    /** Null for a text too short to be anybody's. */
    readonly textHash: Buffer | null;
    /** The review that is changed. */
    readonly exceptId: string | null;
  },
): Promise<FoundFacts | undefined> {
  const { rows } = await database.query<FoundFacts>({
    name: 'find-review-facts',
    text: `
      select greatest(0, extract(epoch from now() - u.created_at) * 1000)::float8 as "accountAgeMs",
        exists (
          select from orders o join order_items i on i.order_id = o.id
            join order_status_history h on h.order_id = o.id and h.status = 'DELIVERED'
          where o.shopper_id = u.id
            and i.sku in (select v.sku from variants v where v.product_id = $2::uuid)
        ) as "isVerified",
        (
          select count(*) from (
            select from reviews r where r.author_id = u.id and r.id is distinct from $4::uuid
              and r.created_at > now() - $5::float8 * interval '1 millisecond' limit ${MOST}
          ) late
        )::int as "reviewsOfLate",
        (
          select count(*) from (
            select from reviews r where r.text_hash = $3::bytea and r.id is distinct from $4::uuid limit ${MOST}
          ) same
        )::int as "sameTexts",
        (
          select count(*) from (
            select from review_strikes s where s.author_id = u.id and s.is_rejection
              and s.at > now() - $6::float8 * interval '1 millisecond' limit ${MOST}
          ) struck
        )::int as strikes,
        $4::uuid is null and exists (
          select from review_strikes s where s.author_id = u.id and s.product_id = $2::uuid
        ) as "isSecondTry"
      from users u where u.id = $1::uuid`,
    values: [
      ...[asked.authorId, asked.productId, asked.textHash, asked.exceptId],
      ...[LIFETIMES.reviewBurstMs, LIFETIMES.reviewStrikeMs],
    ],
  });
  return rows[0];
}
