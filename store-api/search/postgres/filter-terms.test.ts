import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterQuery, priceTerms } from './filter-terms.ts';

const none = { categoryIds: [], brandIds: [], attributes: [], tags: [] };
const fineOf = (minor: number) => Math.floor(4 * Math.log2(minor + 1));
const matches = (terms: readonly string[], minor: number) =>
  terms.includes(`=p:${fineOf(minor)}`) || terms.includes(`=P:${Math.floor(fineOf(minor) / 16)}`);

describe('filters as lexemes', () => {
  it('cover every price of a range, in few terms', () => {
    const price = fc.integer({ min: 0, max: 100_000_000_000 });
    fc.assert(
      fc.property(price, price, price, (one, two, three) => {
        const [low = 0, middle = 0, high = 0] = [one, two, three].sort((a, b) => a - b);
        const terms = priceTerms(low, high);
        expect(matches(terms, middle)).toBe(true);
        expect(matches(priceTerms(low, undefined), high)).toBe(true);
        expect(terms.length).toBeLessThan(45);
      }),
    );
  });

  it('come to an end whatever the bounds are', () => {
    expect(priceTerms(0, Number.POSITIVE_INFINITY)).toEqual(priceTerms(0, undefined));
    expect(priceTerms(Number.POSITIVE_INFINITY, undefined)).toHaveLength(1);
  });

  it('quote what was given', () => {
    expect(filterQuery({ ...none, tags: ["it's \\ here' | '=*"] })).toBe("('=t:it''s \\\\ here'' | ''=*')");
  });

  it('take values of one attribute as alternatives, different attributes together', () => {
    expect(filterQuery({ ...none, attributes: ['color=red', 'size=m', 'color=blue'] })).toBe(
      "('=a:color=red' | '=a:color=blue') & ('=a:size=m')",
    );
  });
});
