/** A review as it is written down: with what the rules for spam say of it. */
import { scoreReview } from '../../commerce/reviews/spam.ts';
import { isTelling, textHash } from '../../commerce/reviews/text.ts';
import { findReviewFacts } from '../../db/queries/reviews/review-facts.ts';
import type { JudgedReview } from '../../db/queries/reviews/write-review.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { Refusal } from '../plugins/problems.ts';
import type { ReviewForm } from './schemas.ts';

export async function judgeReview(
  client: DatabaseClient,
  written: {
    readonly authorId: string;
    readonly productId: string;
    /** The review that is changed. */
    readonly exceptId: string | null;
    readonly form: ReviewForm;
  },
): Promise<JudgedReview> {
  const { stars, title, text: body, language } = written.form;
  const hash = textHash(body);
  const facts = await findReviewFacts(client, { ...written, textHash: isTelling(body) ? hash : null });
  // A token can outlive its account by some minutes.
  if (facts === undefined) throw new Refusal('UNAUTHENTICATED');
  const { points, signals, isHeld } = scoreReview({ ...facts, title, body });
  return { stars, title, body, language, isVerified: facts.isVerified, textHash: hash, points, signals, isHeld };
}
