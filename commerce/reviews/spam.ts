/** How much a review looks like spam, and why: rules as data, their points added up. */
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { lettersOf, linksIn, shoutedPart, wordsOf } from './text.ts';

export interface ReviewFacts {
  readonly title: string;
  readonly body: string;
  readonly accountAgeMs: number;
  /** An order of theirs with this product has arrived. */
  readonly isVerified: boolean;
  /** Other reviews of theirs within LIFETIMES.reviewBurstMs. */
  readonly reviewsOfLate: number;
  /** Other reviews with the same text, by whomever. */
  readonly sameTexts: number;
  /** Reviews of theirs that were rejected within LIFETIMES.reviewStrikeMs. */
  readonly strikes: number;
  /** A review of theirs about this product was rejected, or waited when they took it back, and this is a new one. */
  readonly isSecondTry: boolean;
}

export interface Signal {
  readonly signal: string;
  readonly points: number;
}

export interface SpamDecision {
  readonly points: number;
  readonly isHeld: boolean;
  readonly signals: readonly Signal[];
}

interface Rule extends Signal {
  readonly holds: (facts: ReviewFacts) => boolean;
}

const textOf = ({ title, body }: ReviewFacts) => `${title}\n${body}`;

const MAIL_OR_PHONE = /[^\s@]{1,64}@[^\s@]{1,64}\.[a-z]{2,20}|(?:\+|\b00)\d(?:[ ()./-]{0,2}\d){7,14}/iu;
const ADVERTISING =
  /\b(?:casino|viagra|cialis|bitcoin|forex|onlyfans|telegram|whatsapp|promo ?code|discount code|gutschein ?code|free gift card|work from home|click here|hier klicken)\b/iu;
/** Joins words that look apart, or hides one in another; joiners of emoji and scripts that need them are not among these. */
const HIDDEN = /[\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]/u;
const REPEATED_SIGN = /(?<sign>[^\s\d])\k<sign>{5}/u;

export const SPAM_RULES: readonly Rule[] = [
  { signal: 'link', points: 30, holds: (facts) => linksIn(textOf(facts)) >= 1 },
  { signal: 'several-links', points: 30, holds: (facts) => linksIn(textOf(facts)) >= 3 },
  { signal: 'mail-or-phone', points: 25, holds: (facts) => MAIL_OR_PHONE.test(textOf(facts)) },
  { signal: 'advertising', points: 30, holds: (facts) => ADVERTISING.test(textOf(facts)) },
  { signal: 'shouting', points: 15, holds: (facts) => shoutedPart(textOf(facts)) > 0.6 },
  { signal: 'repeated-signs', points: 10, holds: (facts) => REPEATED_SIGN.test(textOf(facts)) },
  { signal: 'repeated-words', points: 20, holds: ({ body }) => repeatsItself(body) },
  { signal: 'hidden-signs', points: 25, holds: (facts) => HIDDEN.test(textOf(facts)) },
  { signal: 'no-words', points: 20, holds: ({ body }) => lettersOf(body).length < 3 },
  { signal: 'same-text', points: 35, holds: ({ sameTexts }) => sameTexts >= 1 },
  { signal: 'same-text-often', points: 30, holds: ({ sameTexts }) => sameTexts >= 3 },
  { signal: 'burst', points: 25, holds: ({ reviewsOfLate }) => reviewsOfLate >= 5 },
  { signal: 'large-burst', points: 30, holds: ({ reviewsOfLate }) => reviewsOfLate >= 15 },
  { signal: 'new-account', points: 15, holds: (facts) => facts.accountAgeMs < LIFETIMES.reviewNewAccountMs },
  { signal: 'not-bought', points: 10, holds: ({ isVerified }) => !isVerified },
  { signal: 'rejected-before', points: 20, holds: ({ strikes }) => strikes >= 1 },
  { signal: 'rejected-often', points: 30, holds: ({ strikes }) => strikes >= 3 },
  // Enough by itself: to delete what waits or was rejected and write it anew is a change of a word, too.
  { signal: 'second-try', points: 50, holds: ({ isSecondTry }) => isSecondTry },
];

export function scoreReview(facts: ReviewFacts): SpamDecision {
  const signals = SPAM_RULES.filter(({ holds }) => holds(facts)).map(({ signal, points }) => ({ signal, points }));
  const points = signals.reduce((sum, one) => sum + one.points, 0);
  return { points, isHeld: points >= LIMITS.reviewSpamPoints, signals };
}

/** Ten words and more, of which most were there before. */
function repeatsItself(body: string): boolean {
  const words = wordsOf(body);
  return words.length >= 10 && new Set(words).size / words.length < 0.4;
}
