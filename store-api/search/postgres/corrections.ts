/** Which word of the catalog was meant by one that it does not have. */
import type { WordLike, WordsLike } from '../../../db/queries/search/words-like.ts';

/** What was typed with each unknown word replaced; undefined where nothing comes near, or nothing is unknown. */
export function correct(words: readonly string[], near: WordsLike): string[] | undefined {
  const known = new Set(near.known);
  const corrected = words.map((word) => {
    if (known.has(word) || /\d/.test(word)) return word;
    return (
      best(
        word,
        near.alike.filter(({ given }) => given === word),
      ) ?? word
    );
  });
  return corrected.some((word, index) => word !== words[index]) ? corrected : undefined;
}

function best(word: string, candidates: readonly WordLike[]): string | undefined {
  const farthest = word.length <= 4 ? 1 : word.length <= 8 ? 2 : 3;
  const judged = candidates
    .map((candidate) => ({ ...candidate, steps: editSteps(fold(word), candidate.word) }))
    .filter(({ steps }) => steps <= farthest)
    // The nearest; of those as near, one with the same first letter, then the one that the catalog has most of.
    .sort(
      (a, b) => a.steps - b.steps || firstLetter(word, b.word) - firstLetter(word, a.word) || b.products - a.products,
    );
  return judged[0]?.word;
}

const fold = (word: string) => word.normalize('NFD').replaceAll(/\p{M}/gu, '');
const firstLetter = (word: string, other: string) => (fold(word)[0] === other[0] ? 1 : 0);

/** Letters put in, left out, replaced, or two neighbours swapped (optimal string alignment). */
export function editSteps(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const at = (line: readonly number[], index: number) => line[index] ?? Number.POSITIVE_INFINITY;
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      let steps = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwapped) steps = Math.min(steps, at(beforeLast, j - 2) + 1);
      row.push(steps);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}
