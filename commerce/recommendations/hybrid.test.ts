import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HYBRID_WEIGHTS, neighboursOf, weighParts } from './hybrid.ts';
import { bootstrap, ndcgAt, recallAt } from './metrics.ts';
import { seededRoll } from './seeded-roll.ts';

const list = (...ids: string[]) => ids.map((productId, at) => ({ productId, score: 10 - at }));
const ids = (answers: readonly { productId: string }[]) => answers.map(({ productId }) => productId);

describe('four opinions as one list', () => {
  it('are weighed 40, 30, 20, 10, each from its best one', () => {
    const parts = {
      collaborative: [{ productId: 'a', score: 0.02 }],
      content: [{ productId: 'b', score: 700 }],
      trending: [{ productId: 'c', score: 3 }],
      session: [{ productId: 'd', score: 1 }],
    };
    expect(weighParts({ parts, limit: 9 })).toEqual([
      { productId: 'a', score: 0.4, part: 'collaborative' },
      { productId: 'b', score: 0.3, part: 'content' },
      { productId: 'c', score: 0.2, part: 'trending' },
      { productId: 'd', score: 0.1, part: 'session' },
    ]);
  });

  it('add up where they agree, and the strongest of them is named', () => {
    const parts = { content: list('a', 'b'), trending: list('b') };
    const [first, second] = weighParts({ parts, limit: 9 });
    expect(first).toMatchObject({ productId: 'b', part: 'content' });
    expect(first?.score).toBeCloseTo((30 * 0.9 + 20) / 50);
    expect(second).toMatchObject({ productId: 'a', score: 0.6 });
  });

  it('leave the weight of who says nothing to the others', () => {
    const answers = weighParts({
      parts: { session: list('a'), collaborative: [{ productId: 'x', score: 0 }] },
      limit: 9,
    });
    // A list without a positive score says nothing, but is not absent.
    expect(ids(answers)).toEqual(['a']);
    expect(weighParts({ parts: { session: list('a') }, limit: 9 })[0]?.score).toBe(1);
    expect(weighParts({ parts: {}, limit: 9 })).toEqual([]);
    const weights = { ...HYBRID_WEIGHTS, session: 0 };
    expect(weighParts({ parts: { session: list('a') }, weights, limit: 9 })).toEqual([]);
  });

  it('show nothing twice, nothing that is left out, and never more than asked for', () => {
    const scored = fc.array(
      fc.record({ productId: fc.constantFrom(...'abcdefghij'), score: fc.double({ min: 0, max: 5, noNaN: true }) }),
      {
        maxLength: 12,
      },
    );
    const parts = fc.record({ collaborative: scored, content: scored, trending: scored, session: scored });
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 12 }), (given, limit) => {
        const answers = weighParts({ parts: given, limit, isLeftOut: (id) => id === 'c' });
        expect(answers.length).toBeLessThanOrEqual(limit);
        expect(new Set(ids(answers)).size).toBe(answers.length);
        expect(ids(answers)).not.toContain('c');
        expect(answers.map(({ score }) => score)).toEqual(answers.map(({ score }) => score).toSorted((a, b) => b - a));
      }),
    );
  });

  it('spread over groups as far as there are other things', () => {
    const question = { parts: { content: list('h1', 'h2', 'h3', 'lamp', 'h4') }, limit: 4 };
    const groups = { most: 2, of: (id: string) => (id.startsWith('h') ? 'hat' : undefined) };
    expect(ids(weighParts({ ...question, groups }))).toEqual(['h1', 'h2', 'lamp', 'h3']);
  });
});

describe('neighbours of several products', () => {
  it('are added up, without the products themselves', () => {
    const near: Record<string, readonly { productId: string; score: number }[]> = {
      a: [
        { productId: 'x', score: 0.5 },
        { productId: 'b', score: 0.9 },
      ],
      b: [
        { productId: 'x', score: 0.5 },
        { productId: 'y', score: 0.8 },
      ],
    };
    const seeds = [
      { productId: 'a', weight: 1 },
      { productId: 'b', weight: 0.5 },
      { productId: 'gone', weight: 9 },
    ];
    expect(neighboursOf(seeds, (id) => near[id], 5)).toEqual([
      { productId: 'x', score: 0.75 },
      { productId: 'y', score: 0.4 },
    ]);
  });
});

describe('the measures', () => {
  it('know what a perfect, a late and an empty list are worth', () => {
    const wanted = new Set(['a', 'b']);
    expect(recallAt(2, ['a', 'b', 'c'], wanted)).toBe(1);
    expect(recallAt(2, ['c', 'a', 'b'], wanted)).toBe(0.5);
    expect(recallAt(1, ['a'], wanted)).toBe(1);
    expect(ndcgAt(3, ['a', 'b', 'c'], wanted)).toBe(1);
    expect(ndcgAt(3, ['c', 'a', 'b'], wanted)).toBeCloseTo((1 / Math.log2(3) + 0.5) / (1 + 1 / Math.log2(3)));
    expect(ndcgAt(3, [], wanted)).toBe(0);
  });

  it('say how sure a mean is: 95 of 100 intervals have the truth in them', () => {
    const roll = seededRoll(4);
    let covered = 0;
    for (let round = 0; round < 200; round += 1) {
      const values = Float64Array.from({ length: 80 }, () => (roll() < 0.3 ? 1 : 0));
      const { low, high } = bootstrap(values, 400, roll);
      if (low <= 0.3 && 0.3 <= high) covered += 1;
    }
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.99);
  });
});
