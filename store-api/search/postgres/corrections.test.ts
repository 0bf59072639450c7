import { describe, expect, it } from 'vitest';
import { correct, editSteps } from './corrections.ts';

const like = (given: string, ...words: [string, number][]) =>
  words.map(([word, products]) => ({ given, word, products }));

describe('corrections', () => {
  it.each([
    ['lamp', 'lamp', 0],
    ['lmap', 'lamp', 1],
    ['lam', 'lamp', 1],
    ['lampp', 'lamp', 1],
    ['kamp', 'lamp', 1],
    ['', 'lamp', 4],
    ['taosters', 'toaster', 2],
  ])('from %s to %s takes %i steps', (from, to, steps) => {
    expect(editSteps(from, to)).toBe(steps);
    expect(editSteps(to, from)).toBe(steps);
  });

  it('takes the nearest word, of those as near one that begins alike, then the one that there is most of', () => {
    expect(correct(['lmap'], { known: [], alike: like('lmap', ['lamp', 1], ['loop', 900]) })).toEqual(['lamp']);
    expect(correct(['bot'], { known: [], alike: like('bot', ['pot', 900], ['boot', 5], ['boat', 9]) })).toEqual([
      'boat',
    ]);
  });

  it('leaves alone what is known, what has digits, and what nothing comes near', () => {
    expect(correct(['oak', 'lmap'], { known: ['oak'], alike: like('lmap', ['lamp', 1]) })).toEqual(['oak', 'lamp']);
    expect(correct(['a100'], { known: [], alike: like('a100', ['a101', 1]) })).toBeUndefined();
    expect(correct(['cat'], { known: [], alike: like('cat', ['dog', 1]) })).toBeUndefined();
    expect(correct(['oak'], { known: ['oak'], alike: [] })).toBeUndefined();
  });
});
