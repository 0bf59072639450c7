import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { type ReviewFacts, SPAM_RULES, scoreReview } from './spam.ts';
import { textHash } from './text.ts';

const honest: ReviewFacts = {
  title: 'Keeps tea warm',
  body: 'I use this mug every morning. It survived the dishwasher, and the handle stays cool.',
  accountAgeMs: 400 * 24 * 3_600_000,
  isVerified: true,
  reviewsOfLate: 0,
  sameTexts: 0,
  strikes: 0,
  isSecondTry: false,
};
const signalsOf = (changes: Partial<ReviewFacts>) =>
  scoreReview({ ...honest, ...changes }).signals.map(({ signal }) => signal);

describe('the spam score of a review', () => {
  it('is nothing for what an honest buyer writes, in any language', () => {
    const bodies = [
      'Très bien, mais un peu petit…',
      'Hält gut. 10/10!',
      '很好喝茶的杯子',
      'Fits: 42 EU = 8.5 US. OK!!',
      'AAA',
    ];
    for (const body of bodies) expect(signalsOf({ body }), body).toEqual([]);
  });

  it.each<[string, Partial<ReviewFacts>]>([
    ['link', { body: 'Better ones at https://mugs.example/now' }],
    ['link', { body: 'Cheaper at best-mugs.shop today' }],
    ['several-links', { body: 'www.a.example www.b.example www.c.example' }],
    ['mail-or-phone', { body: 'Write to me: sales@mugs.example' }],
    ['mail-or-phone', { body: 'Call +43 660 1234567 for more' }],
    ['advertising', { title: 'Click here' }],
    ['shouting', { body: 'THIS IS THE BEST MUG I EVER HAD IN MY LIFE' }],
    ['repeated-signs', { body: 'Good!!!!!!!!' }],
    ['repeated-words', { body: 'buy buy buy mug mug mug buy buy mug buy mug' }],
    ['hidden-signs', { body: 'via\u200bgra' }],
    ['no-words', { body: '.....' }],
    ['same-text', { sameTexts: 1 }],
    ['same-text-often', { sameTexts: 3 }],
    ['burst', { reviewsOfLate: 5 }],
    ['large-burst', { reviewsOfLate: 15 }],
    ['new-account', { accountAgeMs: 60_000 }],
    ['not-bought', { isVerified: false }],
    ['rejected-before', { strikes: 1 }],
    ['rejected-often', { strikes: 3 }],
  ])('has %s', (signal, changes) => {
    expect(signalsOf(changes)).toContain(signal);
  });

  it('holds the usual spam back, and not who only has a link', () => {
    const stranger = { isVerified: false, accountAgeMs: 60_000 };
    expect(scoreReview({ ...honest, ...stranger }).isHeld).toBe(false);
    expect(scoreReview({ ...honest, body: 'See https://how.example', ...stranger }).isHeld).toBe(true);
    expect(scoreReview({ ...honest, body: 'See https://how.example' }).isHeld).toBe(false);
    expect(scoreReview({ ...honest, sameTexts: 4 }).isHeld).toBe(true);
  });

  it('is the sum of the signals that it lists, and names each rule once', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.nat(20),
        fc.boolean(),
        (body, count, isVerified) => {
          const facts = { ...honest, body, isVerified, reviewsOfLate: count, sameTexts: count, strikes: count };
          const { points, isHeld, signals } = scoreReview(facts);
          expect(signals.reduce((sum, one) => sum + one.points, 0)).toBe(points);
          expect(isHeld).toBe(points >= LIMITS.reviewSpamPoints);
        },
      ),
    );
    expect(new Set(SPAM_RULES.map(({ signal }) => signal)).size).toBe(SPAM_RULES.length);
  });

  it('comes to its end with texts that are made to be slow', () => {
    const fills = ['a', 'a.', '@a', '+1', 'www.', '1 ', 'a@', '((', '\u0301', 'ab '];
    for (const fill of fills) {
      const body = fill.repeat(LIMITS.reviewChars).slice(0, LIMITS.reviewChars);
      expect(scoreReview({ ...honest, body }).points).toBeGreaterThanOrEqual(0);
    }
  });

  it('knows a text again that was only dressed differently', () => {
    const same = ['Great mug, I love it.', 'GREAT  MUG — I LOVE IT!!', 'Great mug I löve it'.replace('ö', 'o')];
    expect(new Set(same.map((text) => textHash(text).toString('hex'))).size).toBe(1);
    expect(textHash('Great mug').equals(textHash('Great jug'))).toBe(false);
  });
});
