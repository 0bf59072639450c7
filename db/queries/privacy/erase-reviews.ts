import type { EraseStep } from './parts.ts';

/** A review is its author's own words: it goes, with its pictures, which the object store forgets soon after. */
export const REVIEW_STEPS: readonly EraseStep[] = [
  { name: 'reviews', statements: ['delete from reviews where author_id = $1'] },
  { name: 'reviewVotes', statements: ['delete from review_votes where user_id = $1'] },
  { name: 'reviewFlags', statements: ['delete from review_flags where user_id = $1'] },
  { name: 'reviewStrikes', statements: ['delete from review_strikes where author_id = $1'] },
];
