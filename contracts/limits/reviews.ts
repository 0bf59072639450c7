/** Reviews, their pictures and their sums. */

export const REVIEWS_LIMITS = {
  reviewTitleChars: 120,
  reviewChars: 5_000,
  reviewAnswerChars: 2_000,
  reviewNoteChars: 500,
  reviewsPerPage: 50,
  /** From so many points of the rules for spam on, a review waits for a moderator. */
  reviewSpamPoints: 50,
  /** So many people flag a review before a moderator looks at it. */
  reviewFlags: 3,
  /** Pictures of one review, bytes and pixels of one that is sent: 40 million are 160 MB while it is read. */
  imagesPerReview: 5,
  imageBytes: 8 * 1_024 * 1_024,
  imagePixels: 40_000_000,
  imageLeastSide: 16,
  /**
   * Pictures that arrive at one process at the same time, in all and of one account, so that nobody who sends slowly keeps
   * the others away; and of those the ones that are read at once. More are answered BUSY.
   */
  imagesArriving: 16,
  imagesArrivingOfOne: 2,
  imagesAtOnce: 2,
  /** Changes that are folded into sums in one transaction, and objects that are removed in one round. */
  ratingsBatch: 1_000,
  objectsBatch: 100,
} as const;

export const REVIEWS_INTERVALS = {
  /** How often new ratings and votes are added up, what was sold, and how often it is looked for pictures to remove. */
  ratingsEveryMs: 1_000,
  soldEveryMs: 5_000,
  objectsEveryMs: 10_000,
  /** The pause after the first failed try to remove an object; it doubles, up to the longest. */
  objectRetryMs: 60_000,
  objectRetryMostMs: 24 * 3_600_000,
} as const;

export const REVIEWS_LIFETIMES = {
  /** An upload that has not ended after so long never will: its picture is removed. */
  uploadMs: 600_000,
  /** Reviews of the same author within this time are a burst; so old is an account that is new. */
  reviewBurstMs: 3_600_000,
  reviewNewAccountMs: 24 * 3_600_000,
  /** How long it counts that a review was rejected. */
  reviewStrikeMs: 90 * 24 * 3_600_000,
} as const;
